/** A session that ends by itself: how long it has, and when the page says so. */
const WARNING_MS = 60_000;
/** The server notes a request only after this share of the time: it may count from so much earlier. */
const SERVER_SLACK = 0.02;
/** A person who only reads and draws asks the server for nothing: the page says "here" for them so often. */
const PRESENCE_SHARE = 0.05;

export interface Idle {
  phase: "calm" | "warning" | "over";
  secondsLeft: number;
}

export function idleState(seenAt: number, limitMinutes: number, now: number): Idle {
  const limit = limitMinutes * 60_000;
  const left = seenAt + limit * (1 - SERVER_SLACK) - now;
  const warning = Math.min(WARNING_MS, limit / 2);
  const phase = left <= 0 ? "over" : left <= warning ? "warning" : "calm";
  return { phase, secondsLeft: Math.max(0, Math.ceil(left / 1000)) };
}

export function presenceDue(seenAt: number, limitMinutes: number, now: number): boolean {
  return now - seenAt > limitMinutes * 60_000 * PRESENCE_SHARE;
}

/** Whether a session that is gone probably ended because nobody was here. */
export function endedIdle(seenAt: number, limitMinutes: number, now: number): boolean {
  return limitMinutes > 0 && now - seenAt >= limitMinutes * 60_000 * (1 - 2 * SERVER_SLACK);
}
