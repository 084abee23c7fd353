import { touchedWithin } from "@/lib/activity";

/**
 * When the server last took a request of this browser as a person's. Tabs share one session, so they tell each
 * other; what a tab asks by itself (polls) says so and does not count.
 */
const OWN_ACCORD_AFTER_MS = 5000;
const TOLD_EVERY_MS = 1000;

type Word = { seen: number } | "left";

let seenAt = Date.now();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("session");
const leavers = new Set<() => void>();

channel?.addEventListener("message", ({ data }: MessageEvent<Word>) => {
  if (data === "left") for (const listener of leavers) listener();
  else seenAt = Math.max(seenAt, data.seen);
});

/** True for a request that no click, key or scroll just asked for. */
export const ofItsOwnAccord = () => !touchedWithin(OWN_ACCORD_AFTER_MS);

export function seenNote(): void {
  const now = Date.now();
  const due = now - seenAt > TOLD_EVERY_MS;
  seenAt = now;
  if (due) channel?.postMessage({ seen: now } satisfies Word);
}

export const lastSeen = () => seenAt;

/** Tells the other tabs that the session was ended here. */
export function leftTell(): void {
  channel?.postMessage("left" satisfies Word);
}

export function onLeft(listener: () => void): () => void {
  leavers.add(listener);
  return () => leavers.delete(listener);
}
