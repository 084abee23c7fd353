import { ApiProblem, NetworkLost } from "./problem";

/** Why the next try waits, until when (null: until the network is back), and how to end the wait. */
export interface Pause {
  why: "lost" | "offline" | "busy";
  until: number | null;
  now: () => void;
  /** Resolves when the next try is due; rejects with AbortError when stopped. */
  over: Promise<void>;
}

const LOST_DELAYS_S = [1, 2, 4, 8, 15];
const STILL_TAKEN_IN_TRIES = 20;
const BUSY_S = 5;
const MOST_BUSY_S = 60;

/** A pause before the next try, or null where another try can't help. */
export function pauseAfter(error: unknown, tries: number, signal: AbortSignal): Pause | null {
  if (error instanceof NetworkLost) {
    if (!navigator.onLine) return begin("offline", null, signal);
    const seconds = LOST_DELAYS_S[tries - 1];
    return seconds === undefined ? null : begin("lost", seconds, signal);
  }
  if (!(error instanceof ApiProblem)) return null;
  if (error.status === 429 || error.status === 503) {
    return begin("busy", Math.min(MOST_BUSY_S, error.retryAfter ?? BUSY_S), signal);
  }
  // 409: an earlier try arrived after all and is still being taken in. 403: the token was just renewed elsewhere.
  const patience = error.status === 409 ? STILL_TAKEN_IN_TRIES : error.status === 403 ? 1 : 0;
  return tries <= patience ? begin("lost", 1, signal) : null;
}

function begin(why: Pause["why"], seconds: number | null, signal: AbortSignal): Pause {
  let now: () => void = () => undefined;
  const over = new Promise<void>((resolve, reject) => {
    const stop = new AbortController();
    now = () => {
      stop.abort();
      resolve();
    };
    const options = { signal: stop.signal };
    if (seconds !== null) {
      const timer = setTimeout(now, seconds * 1000);
      stop.signal.addEventListener("abort", () => {
        clearTimeout(timer);
      });
    }
    window.addEventListener("online", now, options);
    signal.addEventListener(
      "abort",
      () => {
        stop.abort();
        reject(new DOMException("The upload was stopped.", "AbortError"));
      },
      options,
    );
  });
  return { why, until: seconds === null ? null : Date.now() + seconds * 1000, now, over };
}
