import type { Analysis, Prediction } from "@/api/types";

const TERMINAL: readonly Analysis["state"][] = ["succeeded", "partial", "failed", "cancelled"];
const EAGER_FOR_MS = 3000;
const EAGER_EVERY_MS = 150;
const CALM_EVERY_MS = 1000;
const PER_PLACE_MS = 50; // of the queue: what waits far behind must not slow what is before it
const LONGEST_MS = 5000;
const CHECK_AWAITED_MS = 60_000;

export function isTerminal(state: Analysis["state"] | undefined): boolean {
  return state !== undefined && TERMINAL.includes(state);
}

/** Whether the look for burned-in text, which comes after the answer, is still to come. */
export const isChecking = (predictions: Pick<Prediction, "text_check">[] | undefined): boolean =>
  (predictions ?? []).some(({ text_check }) => text_check?.state === "pending");

/** Milliseconds to the next look: often at first, then once a second, behind a long queue no more often than it
 *  can have moved on; after the end for a minute at most, and only while something is still being checked. */
export function nextPoll(
  state: Analysis["state"] | undefined,
  waitedMs: number,
  { checking = false, position = null }: { checking?: boolean; position?: number | null } = {},
): number | false {
  if (isTerminal(state)) return checking && waitedMs < CHECK_AWAITED_MS ? CALM_EVERY_MS : false;
  const usual = waitedMs < EAGER_FOR_MS ? EAGER_EVERY_MS : CALM_EVERY_MS;
  return Math.max(usual, Math.min(LONGEST_MS, (position ?? 0) * PER_PLACE_MS));
}
