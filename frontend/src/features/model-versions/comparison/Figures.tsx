import { useTranslation } from "react-i18next";

import type { Comparison } from "@/api/types";
import { Figure } from "@/components/Figure";

import styles from "./Comparison.module.css";
import { formatShare, formatTime } from "./words";

/** The few numbers that say whether the candidate is another model. */
export function Figures({ comparison }: { comparison: Comparison }) {
  const { t, i18n } = useTranslation();
  const { counts, agreement, outcome, latency_ms: latency } = comparison;
  const { baseline, candidate } = latency;
  return (
    <dl className={styles.figures}>
      <Figure
        name={t("models.comparison.agreement")}
        help={t("models.comparison.agreement_explained")}
        value={agreement === null ? "–" : formatShare(agreement, i18n.language)}
        note={t("models.comparison.of", { count: counts.agree, total: counts.done })}
      />
      <Figure
        name={t("models.comparison.changed")}
        value={String(counts.changed)}
        note={t("models.comparison.changed_note")}
      />
      <Figure
        name={t("models.comparison.failed")}
        value={String(counts.failed)}
        note={t("models.comparison.failed_note")}
      />
      {outcome && (
        <Figure
          name={t("models.comparison.outcome")}
          help={t("models.comparison.outcome_explained")}
          value={`${outcome.answered_right} → ${outcome.candidate_right}`}
          note={t("models.comparison.outcome_of", { count: outcome.known })}
        />
      )}
      <Figure
        name={t("models.comparison.latency")}
        help={t("models.comparison.latency_explained")}
        value={
          baseline && candidate
            ? `${formatTime(baseline.median)} → ${formatTime(candidate.median)}`
            : "–"
        }
        note={
          baseline && candidate
            ? t("models.comparison.p95", {
                answered: formatTime(baseline.p95),
                candidate: formatTime(candidate.p95),
              })
            : t("models.comparison.not_timed")
        }
      />
    </dl>
  );
}
