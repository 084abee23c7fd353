import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { lastSeen } from "@/api/presence";
import type { SessionUser } from "@/api/types";
import { usePageTitle } from "@/components/usePageTitle";

import { startAfresh } from "../api";
import { endedIdle } from "../idle";

import styles from "./SessionEnded.module.css";
import { SignInForm } from "./SignInForm";

interface SessionEndedProps {
  /** Who was signed in. */
  user: SessionUser;
  idleMinutes: number;
  anonymousAllowed: boolean;
}

/** In place of the page: its owner signs in and goes on; anybody else starts with nothing of theirs. */
export function SessionEnded({ user, idleMinutes, anonymousAllowed }: SessionEndedProps) {
  const { t } = useTranslation();
  usePageTitle(t("session_ended.title"));
  const [idle] = useState(() => endedIdle(lastSeen(), idleMinutes, Date.now()));
  return (
    <div className={styles.ended} data-testid="session-ended">
      <h1>{t("session_ended.title")}</h1>
      <p role="status">
        {idle ? t("session_ended.idle", { count: idleMinutes }) : t("session_ended.gone")}{" "}
        {t("session_ended.kept", { name: user.username })}
      </p>
      <SignInForm username={user.username} />
      <Button type="link" onClick={startAfresh} className={styles.other}>
        {t(anonymousAllowed ? "session_ended.without" : "session_ended.other")}
      </Button>
    </div>
  );
}
