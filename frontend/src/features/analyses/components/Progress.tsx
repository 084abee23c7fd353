import { useTranslation } from "react-i18next";

import type { Analysis } from "@/api/types";

import styles from "./CaseAnswer.module.css";

/** One line while the answer is on its way: place in the queue, or that it is being made. */
export function Progress({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const place = analysis.queue_position;
  let text = t("result.state.running");
  if (analysis.state === "queued") {
    text =
      place && place > 1
        ? t("result.state.queue", { count: place, ordinal: true })
        : t("result.state.queued");
  }
  return (
    <p className={styles.progress}>
      <span className={styles.pulse} aria-hidden />
      {text}
    </p>
  );
}
