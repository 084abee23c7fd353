import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { workerAwayQuery } from "@/api/health";
import type { Analysis } from "@/api/types";
import { useAnnouncement } from "@/components/useAnnouncement";

import styles from "./CaseAnswer.module.css";

const LONGER_AFTER_MS = 5000;
const SLOW_AFTER_MS = 15_000;

/** True once the page has waited for `ms`. */
function useWaited(ms: number): boolean {
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setWaited(true);
    }, ms);
    return () => {
      clearTimeout(timer);
    };
  }, [ms]);
  return waited;
}

/** One line while the answer is on its way: place in the queue, or that it is being made; and why it is slow. */
export function Progress({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const longer = useWaited(LONGER_AFTER_MS);
  const slow = useWaited(SLOW_AFTER_MS);
  const { data: away = false } = useQuery(workerAwayQuery(longer));
  const waits = analysis.state === "queued";
  return (
    <p className={styles.progress} data-testid="progress" data-away={away || undefined}>
      <span className={styles.pulse} aria-hidden />
      {away ? (
        t("result.state.no_worker")
      ) : waits ? (
        <Place analysis={analysis} />
      ) : (
        t("result.state.running")
      )}
      {away && <Away />}
      {slow && !away && <span className={styles.basis}>{t("result.state.slow")}</span>}
    </p>
  );
}

function Place({ analysis: { queue_position: place } }: { analysis: Analysis }) {
  const { t } = useTranslation();
  return place && place > 1
    ? t("result.state.queue", { count: place, ordinal: true })
    : t("result.state.queued");
}

/** Nobody works at the moment; what was sent is safe. */
function Away() {
  const { t } = useTranslation();
  useAnnouncement(t("result.state.no_worker"));
  return <span className={styles.basis}>{t("result.state.no_worker_kept")}</span>;
}
