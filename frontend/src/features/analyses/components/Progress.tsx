import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Analysis } from "@/api/types";

import styles from "./CaseAnswer.module.css";

const SLOW_AFTER_MS = 15_000;

/** True once one has waited longer than usual. */
function useSlow(): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSlow(true);
    }, SLOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return slow;
}

/** One line while the answer is on its way: place in the queue, or that it is being made. */
export function Progress({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const slow = useSlow();
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
      {slow && <span className={styles.basis}>{t("result.state.slow")}</span>}
    </p>
  );
}
