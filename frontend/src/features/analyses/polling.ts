import type { Analysis } from "@/api/types";

const TERMINAL: readonly Analysis["state"][] = ["succeeded", "partial", "failed", "cancelled"];
const EAGER_FOR_MS = 3000;
const EAGER_EVERY_MS = 150;
const CALM_EVERY_MS = 1000;

export function isTerminal(state: Analysis["state"] | undefined): boolean {
  return state !== undefined && TERMINAL.includes(state);
}

/** Milliseconds to the next look: often at first, then once a second, never after the end. */
export function nextPoll(state: Analysis["state"] | undefined, waitedMs: number): number | false {
  if (isTerminal(state)) return false;
  return waitedMs < EAGER_FOR_MS ? EAGER_EVERY_MS : CALM_EVERY_MS;
}
