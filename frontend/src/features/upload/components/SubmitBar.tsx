import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { MODALITIES } from "@/lib/taxonomy";

import { readyModalities } from "../draft";
import { useDraft } from "../DraftProvider";
import type { Examples } from "../useExamples";
import type { Submitter } from "../useSubmit";

import { SubmitStatus } from "./SubmitStatus";
import styles from "./UploadForm.module.css";

interface SubmitBarProps {
  submitter: Submitter;
  examples: Examples;
}

/** The one primary action of the page; below it what became of it. */
export function SubmitBar({ submitter, examples }: SubmitBarProps) {
  const { t } = useTranslation();
  const { state, locked, submit, stop } = submitter;
  const { text, ready, waiting } = useSubmitLabel();
  return (
    <>
      <div className={styles.submit}>
        <Button
          type="primary"
          size="large"
          className={styles.primary}
          disabled={ready === 0 || waiting}
          loading={locked}
          onClick={() => void submit()}
        >
          {locked ? <Progress submitter={submitter} /> : text}
        </Button>
        {state.phase === "sending" || state.phase === "waiting" ? (
          <Button size="large" type="text" onClick={stop}>
            {t("upload.stop_sending")}
          </Button>
        ) : (
          <Button
            size="large"
            type="text"
            disabled={locked}
            loading={examples.loading}
            onClick={examples.take}
          >
            {t("upload.examples")}
          </Button>
        )}
        {ready === 0 && !waiting && <p className={styles.status}>{t("upload.nothing_yet")}</p>}
      </div>
      <SubmitStatus submitter={submitter} />
    </>
  );
}

function useSubmitLabel() {
  const { t } = useTranslation();
  const { draft, reading } = useDraft();
  const ready = readyModalities(draft).length;
  const refused = MODALITIES.some((modality) => draft.slots[modality].status === "refused");
  let text = draft.unconfirmed ? t("upload.submit_sorted") : t("upload.submit");
  if (refused && ready > 0) text = t("upload.submit_some", { count: ready });
  return { text, ready, waiting: Object.keys(reading).length > 0 };
}

function Progress({ submitter: { state } }: { submitter: Submitter }) {
  const { t } = useTranslation();
  if (state.phase === "accepted") return t("upload.starting");
  if (state.phase === "waiting") return t("upload.waiting");
  const share = state.phase === "sending" ? state.share : 0;
  return share < 1
    ? t("upload.sending", { percent: Math.round(share * 100) })
    : t("upload.taken_in");
}
