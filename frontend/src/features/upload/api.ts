import type { Analysis } from "@/api/types";
import { uploadForm } from "@/api/upload";
import { ApiProblem, NetworkLost } from "@/lib/problem";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { readyModalities, type Draft, type SlotProblem } from "./draft";

const RETRY_DELAYS_MS = [1000, 2000, 4000];

function formOf(draft: Draft): FormData {
  const form = new FormData();
  for (const modality of readyModalities(draft)) {
    const slot = draft.slots[modality];
    if (slot.status === "ready") {
      // A fixed name: the true one may name a patient.
      form.append(`image_${modality}`, slot.image.file, modality);
    }
  }
  if (draft.label.trim() !== "") form.append("case_label", draft.label.trim());
  return form;
}

export interface SubmitOptions {
  draft: Draft;
  onProgress: (share: number) => void;
  /** The token changed in another tab: fetches the new one before a second and last try. */
  onForbidden: () => Promise<unknown>;
  /** Called before each further try after a lost connection. */
  onRetry: () => void;
  signal: AbortSignal;
  delaysMs?: number[];
}

/** Sends the ready images; after a lost connection again with the same key, so that nothing runs twice. */
export async function analysisSubmit(options: SubmitOptions): Promise<Analysis> {
  const { onRetry, signal, delaysMs = RETRY_DELAYS_MS } = options;
  for (const delay of delaysMs) {
    try {
      return await sendWithFreshToken(options);
    } catch (error) {
      if (!mayPass(error)) throw error;
      onRetry();
      await pause(delay, signal);
    }
  }
  return sendWithFreshToken(options);
}

async function sendWithFreshToken(options: SubmitOptions): Promise<Analysis> {
  try {
    return await send(options);
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 403) throw error;
    await options.onForbidden();
    return send(options);
  }
}

function send({ draft, onProgress, signal }: SubmitOptions): Promise<Analysis> {
  return uploadForm<Analysis>({
    url: "/api/v1/analyses/",
    form: formOf(draft),
    headers: { "Idempotency-Key": draft.key },
    onProgress,
    signal,
  });
}

/** A lost connection may come back; 409 means the first try is still being taken in. */
function mayPass(error: unknown): boolean {
  return error instanceof NetworkLost || (error instanceof ApiProblem && error.status === 409);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(new DOMException("The upload was stopped.", "AbortError"));
    });
  });
}

/** The server's reasons by slot: `errors.image_cdfi[0]` belongs to the CDFI slot. */
export function slotProblems(error: ApiProblem): Partial<Record<Modality, SlotProblem>> {
  const found: Partial<Record<Modality, SlotProblem>> = {};
  for (const modality of MODALITIES) {
    const reason = error.errors[`image_${modality}`]?.[0];
    if (reason) found[modality] = reason;
  }
  return found;
}
