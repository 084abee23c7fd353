import { SignedOut } from "@/api/sameAccount";
import type { Analysis } from "@/api/types";
import { ApiProblem } from "@/lib/problem";
import { pauseAfter, type Pause } from "@/lib/retrying";

import { caseSend } from "./api";
import { BrokenFile, type PlannedCase } from "./plan";

/** Of one case: not yet sent, taken by the server, or refused with a reason. */
export type Sent =
  { state: "waiting" } | { state: "taken" } | { state: "refused"; error: ApiProblem | null };

export interface SendingOptions {
  batch: string;
  cases: readonly PlannedCase[];
  /** Where an earlier run ended. */
  sent: readonly Sent[];
  onSent: (index: number, sent: Sent) => void;
  onPause: (pause: Pause | null) => void;
  checkSession: () => Promise<unknown>;
  signal: AbortSignal;
  send?: (batch: string, planned: PlannedCase, signal: AbortSignal) => Promise<Analysis>;
  pause?: typeof pauseAfter;
}

/**
 * One case after another. A refused one is noted and the next one sent; a lost network and a full queue are
 * waited for. Rejects when it can't go on: stopped, signed out, or the server stays away.
 */
export async function sendAll(options: SendingOptions): Promise<void> {
  for (const [index, planned] of options.cases.entries()) {
    if (options.sent[index]?.state !== "waiting") continue;
    options.onSent(index, await sendOne(planned, options));
  }
}

async function sendOne(planned: PlannedCase, options: SendingOptions): Promise<Sent> {
  const { batch, signal, onPause, checkSession, send = caseSend, pause = pauseAfter } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      signal.throwIfAborted();
      await checkSession();
      await send(batch, planned, signal);
      return { state: "taken" };
    } catch (error) {
      if (error instanceof SignedOut) throw error;
      const wait = ENDS_ALL.includes(codeOf(error)) ? null : pause(error, tries, signal);
      if (!wait) return refusalOf(error);
      onPause(wait);
      await wait.over;
      onPause(null);
    }
  }
}

const ENDS_ALL = ["batch_full", "batch_gone", "other_batch"];
const codeOf = (error: unknown) => (error instanceof ApiProblem ? error.code : "");

/** A reason that lies in this one case; anything else stops the whole batch. */
function refusalOf(error: unknown): Sent {
  if (error instanceof ApiProblem) {
    if ([400, 409, 413, 415, 422].includes(error.status)) return { state: "refused", error };
    throw error;
  }
  if (error instanceof BrokenFile) return { state: "refused", error: null };
  throw error;
}
