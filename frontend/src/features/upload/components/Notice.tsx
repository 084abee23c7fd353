import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { useDraft } from "../DraftProvider";
import type { Outcome } from "../useArrivals";

import styles from "./UploadForm.module.css";

interface NoticeProps {
  outcome: Outcome | null;
  examplesFailed: boolean;
  locked: boolean;
}

/** One line below the slots: what was done with the files, and the one step that may follow. */
export function Notice({ outcome, examplesFailed, locked }: NoticeProps) {
  return (
    <div className={styles.notice} role="status">
      <Words outcome={outcome} examplesFailed={examplesFailed} />
      {!locked && <NextStep />}
    </div>
  );
}

function Words({ outcome, examplesFailed }: Omit<NoticeProps, "locked">) {
  const { t } = useTranslation();
  const { draft, reading } = useDraft();
  const count = Object.keys(reading).length;
  if (count > 0) return <span>{t("upload.reading", { count })}</span>;
  if (examplesFailed) return <span>{t("upload.examples_failed")}</span>;
  if (outcome?.nothing) return <span data-warning>{t("upload.no_images")}</span>;
  return (
    <>
      {draft.unconfirmed && <span>{t("upload.sorted")}</span>}
      {outcome && outcome.passedOver > 0 && (
        <span>{t("upload.passed_over", { count: outcome.passedOver })}</span>
      )}
      {outcome?.cut && <span data-warning>{t("upload.too_many")}</span>}
    </>
  );
}

function NextStep() {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  if (draft.unconfirmed) {
    return (
      <Button
        size="small"
        onClick={() => {
          dispatch({ type: "confirmed" });
        }}
      >
        {t("upload.confirm")}
      </Button>
    );
  }
  if (!draft.before) return null;
  return (
    <>
      <span>{t("upload.taken_out")}</span>
      <Button
        size="small"
        onClick={() => {
          dispatch({ type: "undone" });
        }}
      >
        {t("upload.undo")}
      </Button>
    </>
  );
}
