import { Alert, Button } from "antd";
import type { TFunction } from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useAnnouncement } from "@/components/useAnnouncement";
import { errorText } from "@/lib/errorText";
import { NetworkLost } from "@/lib/problem";
import type { Pause } from "@/lib/retrying";

import type { Submitter } from "../useSubmit";

import styles from "./UploadForm.module.css";

/** Below Submit, where nothing can be pushed away: why nothing was sent yet, and what happens next. */
export function SubmitStatus({ submitter }: { submitter: Submitter }) {
  const { t } = useTranslation();
  const { state, submit } = submitter;
  useAnnouncement(spoken(submitter, t));
  if (state.phase === "waiting") return <Waiting pause={state.pause} />;
  if (state.phase !== "failed") return null;
  const lost = state.error instanceof NetworkLost;
  return (
    <Alert
      className={styles.problem}
      type="error"
      showIcon
      data-testid="submit-problem"
      title={lost ? t("upload.connection_lost") : t("upload.not_sent")}
      description={`${lost ? "" : errorText(state.error, t)} ${t("upload.kept")}`.trim()}
      action={<Button onClick={() => void submit()}>{t("actions.retry")}</Button>}
    />
  );
}

function Waiting({ pause }: { pause: Pause }) {
  const { t } = useTranslation();
  const seconds = useSecondsUntil(pause.until);
  return (
    <Alert
      className={styles.problem}
      type="warning"
      showIcon
      data-testid="submit-waiting"
      data-why={pause.why}
      title={t(`upload.pause.${pause.why}`)}
      description={
        seconds === null ? t("upload.pause.until_online") : t("upload.pause.again", { seconds })
      }
      action={<Button onClick={pause.now}>{t("upload.pause.now")}</Button>}
    />
  );
}

function useSecondsUntil(until: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 500);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return until === null ? null : Math.max(0, Math.ceil((until - now) / 1000));
}

/** State changes in words for screen readers; not every per cent. */
function spoken({ state }: Submitter, t: TFunction): string {
  if (state.phase === "sending") return t("upload.announce.sending");
  if (state.phase === "accepted") return t("upload.starting");
  if (state.phase === "waiting") return t(`upload.pause.${state.pause.why}`);
  if (state.phase === "failed") return t("upload.not_sent");
  return "";
}
