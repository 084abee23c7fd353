import { Input } from "antd";
import { useTranslation } from "react-i18next";

import { useDraft } from "../DraftProvider";
import { labelHint } from "../labelHints";

import styles from "./UploadForm.module.css";

/** The case label; it warns of what looks like a person and never blocks. */
export function LabelField({ locked }: { locked: boolean }) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  const hint = labelHint(draft.label);
  return (
    <div className={styles.label}>
      <label htmlFor="case-label">{t("upload.label")}</label>
      <Input
        id="case-label"
        value={draft.label}
        maxLength={64}
        placeholder="N-17"
        autoComplete="off"
        disabled={locked}
        status={hint ? "warning" : undefined}
        aria-describedby="case-label-hint"
        onChange={(event) => {
          dispatch({ type: "labelled", label: event.target.value });
        }}
      />
      <p id="case-label-hint" data-warning={hint ?? undefined} aria-live="polite">
        {hint ? t(`upload.label_warning.${hint}`) : t("upload.label_hint")}
      </p>
    </div>
  );
}
