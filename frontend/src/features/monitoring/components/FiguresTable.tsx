import { useTranslation } from "react-i18next";

import type { MonitoringFigures, Share } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { CLASS_NAMES } from "@/lib/taxonomy";

import { eceText, intervalText, shareText } from "../words";

import styles from "./monitoring.module.css";

interface FiguresTableProps {
  /** The heading of the first column. */
  first: string;
  rows: { key: string; name: string; figures: MonitoringFigures }[];
}

/** One line a version or a month. */
export function FiguresTable({ first, rows }: FiguresTableProps) {
  const { t } = useTranslation();
  return (
    // Wide tables scroll by themselves, by keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.wide} tabIndex={0} role="region" aria-label={first}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col">{t("monitoring.answers")}</th>
            <th scope="col">{t("monitoring.known")}</th>
            <th scope="col">{t("monitoring.accuracy")}</th>
            {CLASS_NAMES.map((name) => (
              <th key={name} scope="col">
                {t("monitoring.recall")} <ClassGlyph name={name} /> {t(`classes.${name}`)}
              </th>
            ))}
            <th scope="col">{t("monitoring.ece")}</th>
            <th scope="col">{t("monitoring.agreement")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, figures }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{figures.answers}</td>
              <td>{figures.with_truth}</td>
              <ShareCell share={figures.accuracy} />
              {CLASS_NAMES.map((one) => (
                <ShareCell key={one} share={figures.recall[one]} />
              ))}
              <td>{eceText(figures.ece)}</td>
              <ShareCell share={figures.agreement_with_reads} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ShareCell({ share }: { share: Share }) {
  return (
    <td>
      {shareText(share)}
      {share.of > 0 && <small>{intervalText(share)}</small>}
    </td>
  );
}
