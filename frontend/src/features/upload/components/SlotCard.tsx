import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";

import type { Modality } from "@/lib/taxonomy";

import { useDraft } from "../DraftProvider";
import { chosenFiles, draggedSlot, droppedFiles, SLOT_TYPE, type Arrival } from "../transfer";

import { Invitation } from "./Invitation";
import styles from "./SlotCard.module.css";
import { SlotFooter } from "./SlotFooter";
import { SlotStage } from "./SlotStage";
import { SuggestionChip } from "./SuggestionChip";

const ACCEPT = ".png,.jpg,.jpeg,.bmp,.tif,.tiff,.webp,.dcm,.dicom,image/*,application/dicom";

interface SlotCardProps {
  modality: Modality;
  locked: boolean;
  /** 0..1 of the file that has been sent; undefined while nothing is being sent. */
  sent: number | undefined;
  onArrival: (modality: Modality, arrival: Arrival) => void;
  onCrop: (modality: Modality) => void;
}

/** One labelled place for one image. It never changes size, whatever it holds. */
export function SlotCard({ modality, locked, sent, onArrival, onCrop }: SlotCardProps) {
  const { t } = useTranslation();
  const { draft } = useDraft();
  const input = useRef<HTMLInputElement>(null);
  const drop = useSlotDrop(modality, locked, onArrival);
  const slot = draft.slots[modality];
  const empty = slot.status === "empty";
  // A label while empty: a click anywhere in it opens the file dialogue.
  const Stage = empty ? "label" : "div";
  return (
    <section
      className={styles.card}
      data-testid={`slot-${modality}`}
      data-status={slot.status}
      data-over={drop.over || undefined}
      aria-labelledby={`slot-${modality}-name`}
      {...drop.handlers}
    >
      <header className={styles.header}>
        <h2 id={`slot-${modality}-name`}>{t(`modalities.${modality}.name`)}</h2>
        <span className={styles.hint}>{t(`modalities.${modality}.hint`)}</span>
        <SuggestionChip modality={modality} locked={locked} />
      </header>
      <Stage
        className={styles.stage}
        htmlFor={empty ? `slot-${modality}-file` : undefined}
        draggable={!empty && !locked}
        style={empty ? undefined : { viewTransitionName: `image-${modality}` }}
        onDragStart={(event) => {
          event.dataTransfer.setData(SLOT_TYPE, modality);
          event.dataTransfer.effectAllowed = "move";
        }}
      >
        {empty ? (
          <Invitation modality={modality} over={drop.over} />
        ) : (
          <SlotStage slot={slot} modality={modality} />
        )}
      </Stage>
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
          onArrival(modality, chosenFiles(event.target));
          event.target.value = "";
        }}
      />
      <SlotFooter
        modality={modality}
        locked={locked}
        sent={sent}
        onReplace={() => input.current?.click()}
        onCrop={() => {
          onCrop(modality);
        }}
      />
    </section>
  );
}

/** Files from outside, or the image of another slot. */
function useSlotDrop(modality: Modality, locked: boolean, onArrival: SlotCardProps["onArrival"]) {
  const { dispatch } = useDraft();
  const [over, setOver] = useState(false);
  function onDrop(event: DragEvent) {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    const from = draggedSlot(event.dataTransfer);
    if (locked || from === modality) return;
    if (from) dispatch({ type: "moved", from, to: modality });
    else {
      void droppedFiles(event.dataTransfer).then((arrival) => {
        onArrival(modality, arrival);
      });
    }
  }
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const onDragLeave = () => {
    setOver(false);
  };
  return { over, handlers: { onDrop, onDragOver, onDragLeave } };
}
