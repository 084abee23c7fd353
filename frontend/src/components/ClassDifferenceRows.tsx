import { useTranslation } from "react-i18next";

import { formatPercent, formatPoints } from "@/lib/format";
import { CLASS_NAMES, type Probabilities } from "@/lib/taxonomy";

import { ClassGlyph } from "./ClassGlyph";

interface ClassDifferenceRowsProps {
  /** Null where there is no answer. */
  before: Probabilities | null;
  after: Probabilities | null;
}

/** A table's rows: each class with its probability before, after, and the points between them. */
export function ClassDifferenceRows({ before, after }: ClassDifferenceRowsProps) {
  const { t, i18n } = useTranslation();
  const percent = (value?: number) =>
    value === undefined ? "–" : formatPercent(value, i18n.language);
  return CLASS_NAMES.map((name) => (
    <tr key={name}>
      <th scope="row">
        <ClassGlyph name={name} /> {t(`classes.${name}`)}
      </th>
      <td>{percent(before?.[name])}</td>
      <td>{percent(after?.[name])}</td>
      <td>{before && after ? formatPoints(after[name] - before[name]) : "–"}</td>
    </tr>
  ));
}
