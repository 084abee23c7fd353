import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { lastSeen } from "@/api/presence";
import { sessionQuery } from "@/api/session";
import { onTouch } from "@/lib/activity";

import { idleState, presenceDue, type Idle } from "../idle";

import styles from "./IdleWatch.module.css";

const TICK_MS = 1000;
const ASK_EVERY_TICKS = 3;
const CALM: Idle = { phase: "calm", secondsLeft: 0 };

/** On shared computers: says a minute before that the session ends, and asks the server whether it has. */
export function IdleWatch({ limitMinutes }: { limitMinutes: number }) {
  const { t } = useTranslation();
  const { idle, stay } = useIdle(limitMinutes);
  const warns = idle.phase !== "calm";
  const clock = `${Math.floor(idle.secondsLeft / 60)}:${String(idle.secondsLeft % 60).padStart(2, "0")}`;
  return (
    <div role="status" className={styles.place}>
      {warns && (
        <div className={styles.warning} data-testid="idle-warning">
          <span>
            {t("idle.soon")} <strong aria-hidden>{clock}</strong>
          </span>
          <Button type="primary" onClick={stay}>
            {t("idle.stay")}
          </Button>
        </div>
      )}
    </div>
  );
}

function useIdle(limitMinutes: number) {
  const client = useQueryClient();
  const [idle, setIdle] = useState(CALM);
  useEffect(() => {
    const ask = () => void client.refetchQueries({ queryKey: sessionQuery.queryKey });
    let ticks = 0;
    const tick = () => {
      const next = idleState(lastSeen(), limitMinutes, Date.now());
      ticks += 1;
      if (next.phase === "over" && ticks % ASK_EVERY_TICKS === 0) ask();
      setIdle(next.phase === "calm" ? CALM : next);
    };
    const timer = setInterval(tick, TICK_MS);
    const stopTouch = onTouch(() => {
      if (presenceDue(lastSeen(), limitMinutes, Date.now())) ask();
    });
    return () => {
      clearInterval(timer);
      stopTouch();
    };
  }, [client, limitMinutes]);
  // A click anywhere says that somebody is here; the button is for those who look for one.
  const stay = () => void client.refetchQueries({ queryKey: sessionQuery.queryKey });
  return { idle, stay };
}
