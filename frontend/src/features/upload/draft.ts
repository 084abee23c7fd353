import type { Region } from "@/lib/region";
import { MODALITIES, type Modality } from "@/lib/taxonomy";
import { randomUuid } from "@/lib/uuid";

import type { FormatName } from "./sniff";
import { assignSlots, type Suggestion } from "./sorting";

/** Why an image can't be sent; the code is the server's, also where the browser found it first. */
export interface SlotProblem {
  code: string;
  detail?: string;
}

/** What is known of a file once it was looked at, by the browser or by the server. */
export interface Facts {
  /** An object URL, or null where the browser cannot show the format: then the server is asked. */
  preview: string | null;
  format: FormatName | null;
  width?: number;
  height?: number;
  /** The frame of a cine that is sent; 0 of 1 for a still. */
  frame: number;
  frameCount: number;
  /** The part that the model is to see; null for all of it. */
  region: Region | null;
  /** What the scanner itself marked as ultrasound. */
  scannerRegion: Region | null;
  suggestion: Suggestion | null;
}

export interface SlotImage extends Facts {
  /** Tells late answers of an earlier file apart from those of the present one. */
  id: string;
  file: File;
}

export type Slot =
  | { status: "empty" }
  | { status: "checking"; image: SlotImage }
  | { status: "ready"; image: SlotImage }
  | { status: "refused"; image: SlotImage; problem: SlotProblem };

export type Slots = Record<Modality, Slot>;

export interface Draft {
  slots: Slots;
  label: string;
  /** One key a content: sending the same content twice makes one analysis. */
  key: string;
  /** Images lie where a suggestion put them and nobody has looked yet. */
  unconfirmed: boolean;
  /** The slots before something was lost from them: one step back. */
  before: Slots | null;
}

/** A file that was looked at. */
export interface Inspected {
  image: SlotImage;
  problem: SlotProblem | null;
}

export type DraftAction =
  | { type: "placed"; modality: Modality; image: SlotImage }
  | { type: "inspected"; inspected: Inspected }
  | { type: "sorted"; images: Inspected[] }
  | { type: "confirmed" }
  | { type: "removed"; modality: Modality }
  | { type: "undone" }
  | { type: "moved"; from: Modality; to: Modality }
  | { type: "framed"; modality: Modality; frame: number }
  | { type: "cropped"; modality: Modality; region: Region | null }
  | { type: "labelled"; label: string }
  | { type: "refused"; problems: Partial<Record<Modality, SlotProblem>> }
  | { type: "emptied" };

const EMPTY: Slot = { status: "empty" };

export function emptyDraft(): Draft {
  const slots = { "2d": EMPTY, cdfi: EMPTY, elastography: EMPTY };
  return { slots, label: "", key: randomUuid(), unconfirmed: false, before: null };
}

export const NO_FACTS: Facts = {
  preview: null,
  format: null,
  frame: 0,
  frameCount: 1,
  region: null,
  scannerRegion: null,
  suggestion: null,
};

export const newImage = (file: File): SlotImage => ({ id: randomUuid(), file, ...NO_FACTS });

export function readyModalities(draft: Draft): Modality[] {
  return MODALITIES.filter((modality) => draft.slots[modality].status === "ready");
}

export const isEmpty = ({ slots }: Draft) =>
  MODALITIES.every((modality) => slots[modality].status === "empty");

function changed(draft: Draft, slots: Partial<Slots>): Draft {
  return { ...draft, slots: { ...draft.slots, ...slots }, key: randomUuid() };
}

/** As `changed`; remembers the slots when it takes an image out of them. */
function replaced(draft: Draft, slots: Partial<Slots>): Draft {
  const loses = MODALITIES.some((name) => slots[name] && draft.slots[name].status !== "empty");
  return { ...changed(draft, slots), before: loses ? draft.slots : draft.before };
}

function settled({ image, problem }: Inspected): Slot {
  return problem ? { status: "refused", image, problem } : { status: "ready", image };
}

/** A slot for each of one to three files: the best fit, free slots first. */
function sortedInto(draft: Draft, images: Inspected[]): Partial<Slots> {
  const free = MODALITIES.filter((modality) => draft.slots[modality].status === "empty");
  const order = assignSlots(
    images.map(({ image }) => image.suggestion),
    free,
  );
  const entries = images.map((inspected, index) => [order[index], settled(inspected)]);
  return Object.fromEntries(entries) as Partial<Slots>;
}

function mapSlots(draft: Draft, change: (slot: Slot, modality: Modality) => Slot): Draft {
  const entries = MODALITIES.map((name) => [name, change(draft.slots[name], name)]);
  return changed(draft, Object.fromEntries(entries) as Slots);
}

function adjusted(draft: Draft, modality: Modality, part: Partial<Facts>): Draft {
  const slot = draft.slots[modality];
  if (slot.status === "empty") return draft;
  // Another frame or region is another try: the server's refusal was about the last one.
  return changed(draft, {
    [modality]: { status: "ready", image: { ...slot.image, ...part } },
  });
}

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case "placed":
      return replaced(draft, { [action.modality]: { status: "checking", image: action.image } });
    case "inspected":
      return mapSlots(draft, (slot) =>
        slot.status !== "empty" && slot.image.id === action.inspected.image.id
          ? settled(action.inspected)
          : slot,
      );
    case "sorted":
      return { ...replaced(draft, sortedInto(draft, action.images)), unconfirmed: true };
    case "confirmed":
      return { ...draft, unconfirmed: false };
    case "removed":
      return replaced(draft, { [action.modality]: EMPTY });
    case "undone":
      return { ...changed(draft, draft.before ?? {}), before: null };
    case "moved":
      return {
        ...changed(draft, {
          [action.from]: draft.slots[action.to],
          [action.to]: draft.slots[action.from],
        }),
        unconfirmed: false,
        before: null,
      };
    case "framed":
      return adjusted(draft, action.modality, { frame: action.frame });
    case "cropped":
      return adjusted(draft, action.modality, { region: action.region });
    case "labelled":
      return { ...draft, label: action.label, key: randomUuid() };
    case "refused":
      return mapSlots(draft, (slot, modality) => {
        const problem = action.problems[modality];
        return problem && slot.status !== "empty"
          ? { status: "refused", image: slot.image, problem }
          : slot;
      });
    case "emptied":
      return emptyDraft();
  }
}
