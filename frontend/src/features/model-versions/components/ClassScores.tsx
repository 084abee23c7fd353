import { useTranslation } from "react-i18next";

import type { ClassScores as Scores } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { InlineHelp } from "@/components/InlineHelp";
import { formatPercent } from "@/lib/format";

import styles from "./ClassScores.module.css";

const FIGURES = ["auc", "precision", "recall"] as const;

/** How well each class is told from the others, with 95 % intervals where they were measured. */
export function ClassScores({ scores }: { scores: Scores[] }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("models.scores.class")}</th>
            {FIGURES.map((figure) => (
              <th key={figure} scope="col">
                {t(`models.scores.${figure}`)}{" "}
                <InlineHelp label={t("actions.what")} title={t(`models.scores.${figure}`)}>
                  {t(`models.scores.${figure}_explained`)}
                </InlineHelp>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scores.map((row) => (
            <tr key={row.name}>
              <th scope="row">
                <span className={styles.class}>
                  <ClassGlyph name={row.name} /> {t(`classes.${row.name}`)}
                </span>
              </th>
              {FIGURES.map((figure) => (
                <td key={figure}>
                  <Score {...row[figure]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.note}>{t("models.scores.interval")}</p>
      {scores
        .filter(({ is_weak: isWeak }) => isWeak)
        .map(({ name, recall }) => (
          <p key={name} className={styles.weak}>
            {t("models.scores.weak", {
              className: t(`classes.${name}`),
              percent: formatPercent(recall.value ?? 0, i18n.language),
            })}
          </p>
        ))}
    </>
  );
}

function Score({ value, low, high }: Scores["auc"]) {
  const { t } = useTranslation();
  if (value === null) return <span className={styles.none}>{t("models.scores.none")}</span>;
  return (
    <span className={styles.score}>
      <strong>{value.toFixed(2)}</strong>
      {low !== null && high !== null && (
        <small>
          {low.toFixed(2)}–{high.toFixed(2)}
        </small>
      )}
      <span className={styles.track} aria-hidden>
        {low !== null && high !== null && (
          <span
            className={styles.interval}
            style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }}
          />
        )}
        <span className={styles.point} style={{ left: `${value * 100}%` }} />
      </span>
    </span>
  );
}
