import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";

import { ModalityGlyph } from "@/components/ModalityGlyph";
import type { Modality } from "@/lib/taxonomy";

import { useDraft } from "../DraftProvider";
import { draggedSlot, droppedFiles, SLOT_TYPE } from "../transfer";

import styles from "./SlotCard.module.css";
import { SlotFooter } from "./SlotFooter";
import { SlotStage } from "./SlotStage";

const ACCEPT = ".png,.jpg,.jpeg,.bmp,.tif,.tiff,.webp,.dcm,.dicom,image/*,application/dicom";

interface SlotCardProps {
  modality: Modality;
  locked: boolean;
  onFiles: (modality: Modality, files: File[]) => void;
}

/** One labelled place for one image. It never changes size, whatever it holds. */
export function SlotCard({ modality, locked, onFiles }: SlotCardProps) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const slot = draft.slots[modality];
  const empty = slot.status === "empty";

  function drop(event: DragEvent) {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    const from = draggedSlot(event.dataTransfer);
    if (locked || from === modality) return;
    if (from) dispatch({ type: "moved", from, to: modality });
    else onFiles(modality, droppedFiles(event.dataTransfer));
  }

  return (
    <section
      className={styles.card}
      data-testid={`slot-${modality}`}
      data-status={slot.status}
      data-over={over || undefined}
      aria-labelledby={`slot-${modality}-name`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <header className={styles.header}>
        <h2 id={`slot-${modality}-name`}>{t(`modalities.${modality}.name`)}</h2>
        <span>{t(`modalities.${modality}.hint`)}</span>
      </header>
      {/* The stage is a label while empty: a click anywhere in it opens the file dialogue. */}
      <label
        className={styles.stage}
        htmlFor={empty ? `slot-${modality}-file` : undefined}
        draggable={!empty && !locked}
        onDragStart={(event) => {
          event.dataTransfer.setData(SLOT_TYPE, modality);
          event.dataTransfer.effectAllowed = "move";
        }}
      >
        {empty ? (
          <span className={styles.invitation}>
            <ModalityGlyph modality={modality} />
            <span>{over ? t("upload.drop_here") : t("upload.drop")}</span>
          </span>
        ) : (
          <SlotStage slot={slot} modality={modality} />
        )}
      </label>
      <input
        ref={input}
        id={`slot-${modality}-file`}
        className={styles.input}
        type="file"
        accept={ACCEPT}
        disabled={locked}
        tabIndex={empty ? 0 : -1}
        aria-label={t("upload.choose", { modality: t(`modalities.${modality}.long`) })}
        onChange={(event) => {
          onFiles(modality, [...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <SlotFooter
        slot={slot}
        modality={modality}
        locked={locked}
        onReplace={() => input.current?.click()}
      />
    </section>
  );
}
