import { MODALITIES, type Modality } from "@/lib/taxonomy";
import { randomUuid } from "@/lib/uuid";

import type { FormatName } from "./sniff";

/** Why an image can't be sent; the code is the server's, also where the browser found it first. */
export interface SlotProblem {
  code: string;
  detail?: string;
}

export interface SlotImage {
  /** Tells late answers of an earlier file apart from those of the present one. */
  id: string;
  file: File;
  /** An object URL, or null where the browser cannot show the format. */
  preview: string | null;
  format: FormatName | null;
  width?: number;
  height?: number;
}

export type Slot =
  | { status: "empty" }
  | { status: "checking"; image: SlotImage }
  | { status: "ready"; image: SlotImage }
  | { status: "refused"; image: SlotImage; problem: SlotProblem };

export interface Draft {
  slots: Record<Modality, Slot>;
  label: string;
  /** One key a content: sending the same content twice makes one analysis. */
  key: string;
}

export interface Inspection {
  preview: string | null;
  format: FormatName | null;
  width?: number;
  height?: number;
  problem: SlotProblem | null;
}

export type DraftAction =
  | { type: "placed"; modality: Modality; image: SlotImage }
  | { type: "inspected"; id: string; inspection: Inspection }
  | { type: "removed"; modality: Modality }
  | { type: "moved"; from: Modality; to: Modality }
  | { type: "labelled"; label: string }
  | { type: "refused"; problems: Partial<Record<Modality, SlotProblem>> }
  | { type: "emptied" };

export function emptyDraft(): Draft {
  const slots = { "2d": EMPTY, cdfi: EMPTY, elastography: EMPTY };
  return { slots, label: "", key: randomUuid() };
}

const EMPTY: Slot = { status: "empty" };

export function newImage(file: File): SlotImage {
  return { id: randomUuid(), file, preview: null, format: null };
}

export function readyModalities(draft: Draft): Modality[] {
  return MODALITIES.filter((modality) => draft.slots[modality].status === "ready");
}

function changed(draft: Draft, slots: Partial<Record<Modality, Slot>>): Draft {
  return { ...draft, slots: { ...draft.slots, ...slots }, key: randomUuid() };
}

function settled(slot: Slot, id: string, inspection: Inspection): Slot {
  if (slot.status === "empty" || slot.image.id !== id) return slot;
  const { problem, ...found } = inspection;
  const image = { ...slot.image, ...found };
  return problem ? { status: "refused", image, problem } : { status: "ready", image };
}

function refuse(slot: Slot, problem: SlotProblem | undefined): Slot {
  return problem && slot.status !== "empty"
    ? { status: "refused", image: slot.image, problem }
    : slot;
}

function mapSlots(draft: Draft, change: (slot: Slot, modality: Modality) => Slot): Draft {
  const entries = MODALITIES.map((name) => [name, change(draft.slots[name], name)]);
  return changed(draft, Object.fromEntries(entries) as Draft["slots"]);
}

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case "placed":
      return changed(draft, { [action.modality]: { status: "checking", image: action.image } });
    case "inspected":
      return mapSlots(draft, (slot) => settled(slot, action.id, action.inspection));
    case "removed":
      return changed(draft, { [action.modality]: EMPTY });
    case "moved":
      return changed(draft, {
        [action.from]: draft.slots[action.to],
        [action.to]: draft.slots[action.from],
      });
    case "labelled":
      return { ...draft, label: action.label, key: randomUuid() };
    case "refused":
      return mapSlots(draft, (slot, modality) => refuse(slot, action.problems[modality]));
    case "emptied":
      return emptyDraft();
  }
}
