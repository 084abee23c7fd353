import { useTranslation } from "react-i18next";

import type { Monitoring } from "@/api/types";
import { Figure } from "@/components/Figure";

import { eceText, intervalText, shareText } from "../words";

import styles from "./monitoring.module.css";

/** The few numbers about whole cases. */
export function Summary({ shown: { cases, awaited } }: { shown: Monitoring }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.figures}>
      <Figure
        name={t("monitoring.answers")}
        value={String(cases.answers)}
        note={t("monitoring.with_truth", { count: cases.with_truth })}
      />
      <Figure
        name={t("monitoring.accuracy")}
        value={shareText(cases.accuracy)}
        note={intervalText(cases.accuracy)}
        help={t("monitoring.interval_explained")}
      />
      <Figure
        name={t("monitoring.ece")}
        value={eceText(cases.ece)}
        note={t("monitoring.ece_note")}
        help={t("monitoring.ece_explained")}
      />
      <Figure
        name={t("monitoring.agreement")}
        value={shareText(cases.agreement_with_reads)}
        note={intervalText(cases.agreement_with_reads)}
        help={t("monitoring.agreement_explained")}
      />
      <Figure
        name={t("monitoring.reads_right")}
        value={shareText(cases.reads_right)}
        note={intervalText(cases.reads_right)}
      />
      <Figure
        name={t("monitoring.awaited")}
        value={String(awaited)}
        note={t("monitoring.awaited_note")}
      />
    </dl>
  );
}
