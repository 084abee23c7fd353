import { useTranslation } from "react-i18next";

import type { MonitoringFigures } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { Panel } from "@/components/Panel";
import { CLASS_NAMES } from "@/lib/taxonomy";

import { intervalText, shareText } from "../words";

import styles from "./monitoring.module.css";

/** Rows: what is true. Columns: what the model names. At the end each class's recall. */
export function Confusion({ figures }: { figures: MonitoringFigures }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("monitoring.confusion")} text={t("monitoring.confusion_text")}>
      <table className={styles.table} data-testid="confusion">
        <thead>
          <tr>
            <th scope="col">{t("monitoring.true_class")}</th>
            {CLASS_NAMES.map((name) => (
              <th key={name} scope="col">
                <ClassGlyph name={name} /> {t(`classes.${name}`)}
              </th>
            ))}
            <th scope="col">{t("monitoring.recall")}</th>
          </tr>
        </thead>
        <tbody>
          {CLASS_NAMES.map((truth) => (
            <tr key={truth}>
              <th scope="row">
                <ClassGlyph name={truth} /> {t(`classes.${truth}`)}
              </th>
              {CLASS_NAMES.map((named) => (
                <td key={named} data-diagonal={truth === named || undefined}>
                  {figures.confusion[truth][named]}
                </td>
              ))}
              <td>
                {shareText(figures.recall[truth])}
                <small>{intervalText(figures.recall[truth])}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
