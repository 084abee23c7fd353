import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";
import { ApiProblem, NetworkLost } from "@/lib/problem";
import { MODALITIES } from "@/lib/taxonomy";

import { readyModalities } from "../draft";
import { useDraft } from "../DraftProvider";
import type { Submitter } from "../useSubmit";

import styles from "./UploadForm.module.css";

interface SubmitBarProps {
  submitter: Submitter;
  onExamples: () => void;
  examplesLoading: boolean;
}

/** The one primary action of the page, and in the same line what became of it. */
export function SubmitBar({ submitter, onExamples, examplesLoading }: SubmitBarProps) {
  const { t } = useTranslation();
  const { state } = submitter;
  const busy = state.phase === "sending" || state.phase === "accepted";
  const { text, ready } = useSubmitLabel();
  return (
    <div className={styles.submit}>
      <Button
        type="primary"
        size="large"
        className={styles.primary}
        disabled={ready === 0}
        loading={busy}
        onClick={() => void submitter.submit()}
      >
        {busy ? <Progress submitter={submitter} /> : text}
      </Button>
      {state.phase === "sending" ? (
        <Button size="large" type="text" onClick={submitter.stop}>
          {t("upload.stop_sending")}
        </Button>
      ) : (
        <Button
          size="large"
          type="text"
          disabled={busy}
          loading={examplesLoading}
          onClick={onExamples}
        >
          {t("upload.examples")}
        </Button>
      )}
      <SubmitStatus submitter={submitter} />
    </div>
  );
}

function useSubmitLabel() {
  const { t } = useTranslation();
  const { draft } = useDraft();
  const ready = readyModalities(draft).length;
  const refused = MODALITIES.some((modality) => draft.slots[modality].status === "refused");
  const text =
    refused && ready > 0 ? t("upload.submit_some", { count: ready }) : t("upload.submit");
  return { text, ready };
}

function Progress({ submitter: { state } }: { submitter: Submitter }) {
  const { t } = useTranslation();
  if (state.phase !== "sending") return t("upload.starting");
  return t("upload.sending", { percent: Math.round(state.share * 100) });
}

function SubmitStatus({ submitter: { state } }: { submitter: Submitter }) {
  const { t } = useTranslation();
  const { ready } = useSubmitLabel();
  let text = ready === 0 && state.phase === "idle" ? t("upload.nothing_yet") : "";
  if (state.phase === "sending" && state.retrying) text = t("upload.retrying_in");
  if (state.phase === "failed") text = failureText(state.error, t);
  return (
    <p className={styles.status} data-failed={state.phase === "failed" || undefined} role="status">
      {text}
    </p>
  );
}

function failureText(error: unknown, t: ReturnType<typeof useTranslation>["t"]): string {
  if (error instanceof NetworkLost) return t("upload.connection_lost");
  if (error instanceof ApiProblem && [429, 503].includes(error.status)) {
    return t("upload.busy", { seconds: error.retryAfter ?? 5 });
  }
  if (error instanceof ApiProblem && error.status === 401) return t("sign_in.expired");
  return errorText(error, t);
}
