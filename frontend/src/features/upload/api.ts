import type { Analysis } from "@/api/types";
import { uploadForm } from "@/api/upload";
import type { ApiProblem } from "@/lib/problem";
import { regionText } from "@/lib/region";
import { pauseAfter, type Pause } from "@/lib/retrying";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { readyModalities, type Draft, type SlotProblem } from "./draft";

export function formOf(draft: Draft): FormData {
  const form = new FormData();
  if (draft.label.trim() !== "") form.append("case_label", draft.label.trim());
  for (const modality of readyModalities(draft)) {
    const slot = draft.slots[modality];
    if (slot.status !== "ready") continue;
    const { file, frame, frameCount, region } = slot.image;
    if (frameCount > 1) form.append(`frame_${modality}`, String(frame));
    if (region) form.append(`region_${modality}`, regionText(region));
    // A fixed name: the true one may name a patient.
    form.append(`image_${modality}`, file, modality);
  }
  return form;
}

/** The files leave one after the other: how much of each has, when `share` (0..1) of all bytes have. */
export function sentShares(draft: Draft, share: number): Partial<Record<Modality, number>> {
  const sizes = readyModalities(draft).map((modality) => {
    const slot = draft.slots[modality];
    return { modality, size: slot.status === "ready" ? slot.image.file.size : 0 };
  });
  let left = share * sizes.reduce((total, { size }) => total + size, 0);
  const shares: Partial<Record<Modality, number>> = {};
  for (const { modality, size } of sizes) {
    shares[modality] = size === 0 ? share : Math.min(1, Math.max(0, left / size));
    left -= size;
  }
  return shares;
}

export interface SubmitOptions {
  draft: Draft;
  onProgress: (share: number) => void;
  /** Before each try: who is signed in, and a fresh token. Rejects to give up. */
  checkSession: () => Promise<unknown>;
  /** A pause before the next try; `now` ends it. */
  onPause: (pause: Pause) => void;
  signal: AbortSignal;
  pause?: typeof pauseAfter;
}

/** Sends the ready images; after a lost connection again with the same key, so that nothing runs twice. */
export async function analysisSubmit(options: SubmitOptions): Promise<Analysis> {
  const { draft, onProgress, onPause, checkSession, signal, pause = pauseAfter } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      await checkSession();
      signal.throwIfAborted();
      return await uploadForm<Analysis>({
        url: "/api/v1/analyses/",
        form: formOf(draft),
        headers: { "Idempotency-Key": draft.key },
        onProgress,
        signal,
      });
    } catch (error) {
      const wait = pause(error, tries, signal);
      if (!wait) throw error;
      onPause(wait);
      await wait.over;
      onProgress(0);
    }
  }
}

/** The server's reasons by slot: `errors.image_cdfi[0]` belongs to the CDFI slot, as do its frame and region. */
export function slotProblems(error: ApiProblem): Partial<Record<Modality, SlotProblem>> {
  const found: Partial<Record<Modality, SlotProblem>> = {};
  for (const modality of MODALITIES) {
    const fields = ["image", "frame", "region"].map((part) => `${part}_${modality}`);
    const reason = fields.flatMap((field) => error.errors[field] ?? [])[0];
    if (reason) found[modality] = reason;
  }
  return found;
}
