import { Alert } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Analysis } from "@/api/types";
import { formatBytes } from "@/lib/format";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { useDraft } from "../DraftProvider";
import { exampleFiles } from "../examples";
import { useIncomingFiles } from "../useIncomingFiles";
import { useSubmit } from "../useSubmit";

import { LabelField } from "./LabelField";
import { SlotCard } from "./SlotCard";
import { SubmitBar } from "./SubmitBar";
import { Tips } from "./Tips";
import styles from "./UploadForm.module.css";

type Notice = { kind: "sorted" | "examples_failed" } | { kind: "too_many"; count: number };

/** Three slots, a label, one Submit. Files may be dropped or pasted anywhere on the page. */
export function UploadForm({ onAccepted }: { onAccepted: (analysis: Analysis) => Promise<void> }) {
  const { t } = useTranslation();
  const { limits } = useSession();
  const { draft, place, placeSorted } = useDraft();
  const submitter = useSubmit(onAccepted);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [loadingExamples, setLoadingExamples] = useState(false);
  const locked = submitter.state.phase === "sending" || submitter.state.phase === "accepted";

  async function takeAnywhere(files: File[]) {
    if (locked || files.length === 0) return;
    submitter.forget();
    const left = await placeSorted(files);
    setNotice(left > 0 ? { kind: "too_many", count: left } : { kind: "sorted" });
  }

  function takeInSlot(modality: Modality, files: File[]) {
    const [file] = files;
    if (files.length > 1) return void takeAnywhere(files);
    if (!file) return;
    submitter.forget();
    setNotice(null);
    place(modality, file);
  }

  async function takeExamples() {
    setLoadingExamples(true);
    submitter.forget();
    try {
      const files = await exampleFiles();
      for (const modality of MODALITIES) place(modality, files[modality]);
      setNotice(null);
    } catch {
      setNotice({ kind: "examples_failed" });
    }
    setLoadingExamples(false);
  }

  const dragging = useIncomingFiles((files) => void takeAnywhere(files));
  const empty = MODALITIES.every((modality) => draft.slots[modality].status === "empty");
  return (
    <div className={styles.form} data-dragging={dragging || undefined}>
      <header className={styles.intro}>
        <h1>{t("upload.title")}</h1>
        <p>{dragging ? t("upload.drop_anywhere") : t("upload.lead")}</p>
        <p>{t("upload.formats", { size: formatBytes(limits.max_upload_bytes) })}</p>
      </header>
      <div className={styles.slots}>
        {MODALITIES.map((modality) => (
          <SlotCard key={modality} modality={modality} locked={locked} onFiles={takeInSlot} />
        ))}
      </div>
      <div className={styles.notice} aria-live="polite">
        {notice && !empty && <NoticeText notice={notice} />}
      </div>
      <div className={styles.details}>
        <LabelField locked={locked} />
        <Tips />
      </div>
      <SubmitBar
        submitter={submitter}
        onExamples={() => void takeExamples()}
        examplesLoading={loadingExamples}
      />
    </div>
  );
}

function NoticeText({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  if (notice.kind === "too_many") {
    return <Alert type="warning" title={t("upload.too_many", { count: notice.count })} />;
  }
  if (notice.kind === "sorted") return t("upload.sorted");
  return t("upload.examples_failed");
}
