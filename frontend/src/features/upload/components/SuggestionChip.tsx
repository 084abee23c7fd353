import { SwapOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { Modality } from "@/lib/taxonomy";

import { useDraft } from "../DraftProvider";

import styles from "./SlotCard.module.css";

/** Why an image was put here, until somebody has looked; or that it seems to belong elsewhere. */
export function SuggestionChip({ modality, locked }: { modality: Modality; locked: boolean }) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  const slot = draft.slots[modality];
  const suggestion = slot.status === "ready" ? slot.image.suggestion : null;
  if (!suggestion) return null;
  const { modality: to, by } = suggestion;
  if (to === modality) {
    return draft.unconfirmed ? (
      <span className={styles.evidence}>{t(`upload.evidence.${by}`)}</span>
    ) : null;
  }
  return (
    <button
      type="button"
      className={styles.elsewhere}
      title={t(`upload.evidence.${by}`)}
      disabled={locked}
      onClick={() => {
        dispatch({ type: "moved", from: modality, to });
      }}
    >
      <SwapOutlined aria-hidden />
      {t("upload.looks_like", { modality: t(`modalities.${to}.name`) })}
    </button>
  );
}
