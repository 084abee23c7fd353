import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Analysis } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { formatMoment, formatPercent } from "@/lib/format";
import { MODALITIES, topClass } from "@/lib/taxonomy";

import { isGated } from "../trust/flags";

import styles from "./AnalysesList.module.css";

/** A line an analysis; the whole line opens it. */
export function AnalysisRows({ rows }: { rows: Analysis[] }) {
  const { t } = useTranslation();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {(["case", "when", "images", "answer", "state"] as const).map((column) => (
            <th key={column} scope="col">
              {t(`analyses.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((analysis) => (
          <Row key={analysis.id} analysis={analysis} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ analysis }: { analysis: Analysis }) {
  const { t, i18n } = useTranslation();
  const label = analysis.case_label || t("result.unlabelled");
  const present = MODALITIES.filter((name) =>
    analysis.predictions.some((prediction) => prediction.modality === name),
  );
  return (
    <tr>
      <td className={styles.case}>
        <Link to={`/analyses/${analysis.id}`} title={analysis.case_label}>
          {label}
        </Link>
      </td>
      <td className={styles.when}>{formatMoment(analysis.created_at, i18n.language)}</td>
      <td className={styles.images}>
        {present.map((name) => t(`modalities.${name}.name`)).join(t("analyses.separator"))}
      </td>
      <td>
        <Answer analysis={analysis} />
      </td>
      <td className={styles.state} data-state={analysis.state}>
        {t(`states.${analysis.state}`)}
      </td>
    </tr>
  );
}

function Answer({ analysis }: { analysis: Analysis }) {
  const { case_answer: answer, withheld, predictions } = analysis;
  const { t, i18n } = useTranslation();
  if (withheld) return <span className={styles.quiet}>{t("read.listed")}</span>;
  if (!answer) return <span className={styles.quiet}>–</span>;
  const top = topClass(answer.probabilities);
  return (
    <span className={styles.answer}>
      <ClassGlyph name={top} />
      {t(`classes.${top}`)}
      <span className={styles.number}>
        {formatPercent(answer.probabilities[top], i18n.language)}
      </span>
      {predictions.some((one) => one.model_version?.synthetic) && (
        <span className={styles.synthetic}>{t("synthetic")}</span>
      )}
      {isGated({ predictions }) && (
        <span className={styles.conflict}>{t("analyses.doubtful")}</span>
      )}
      {answer.conflict && <span className={styles.conflict}>{t("analyses.conflict")}</span>}
    </span>
  );
}
