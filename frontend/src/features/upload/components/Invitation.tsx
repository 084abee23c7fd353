import { useTranslation } from "react-i18next";

import { ModalityGlyph } from "@/components/ModalityGlyph";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import type { Draft } from "../draft";
import { useDraft } from "../DraftProvider";

import { Reading } from "./Reading";
import styles from "./SlotCard.module.css";

/** What an empty slot says: what belongs here, or that files are on their way. */
export function Invitation({ modality, over }: { modality: Modality; over: boolean }) {
  const { t } = useTranslation();
  const { draft, reading } = useDraft();
  const share = shareExpected(draft, reading, modality);
  if (share !== undefined) return <Reading share={share} />;
  return (
    <span className={styles.invitation}>
      <ModalityGlyph modality={modality} />
      <span>{over ? t("upload.drop_here") : t("upload.drop")}</span>
    </span>
  );
}

/** Files without a slot yet are expected in the first free ones. */
function shareExpected(draft: Draft, reading: Record<string, number>, modality: Modality) {
  const placed = MODALITIES.flatMap((name) => {
    const slot = draft.slots[name];
    return slot.status === "empty" ? [] : [slot.image.id];
  });
  const coming = Object.entries(reading).filter(([id]) => !placed.includes(id));
  const free = MODALITIES.filter((name) => draft.slots[name].status === "empty");
  return coming[free.indexOf(modality)]?.[1];
}
