/** Signs that a person is at this page. */
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

let touchedAt = Date.now(); // opening the page is one too
const listeners = new Set<() => void>();

function touched(): void {
  touchedAt = Date.now();
  for (const listener of listeners) listener();
}

for (const sign of SIGNS) {
  window.addEventListener(sign, touched, { capture: true, passive: true });
}

/** Whether somebody clicked, typed or scrolled in the last `ms` milliseconds. */
export function touchedWithin(ms: number): boolean {
  return Date.now() - touchedAt <= ms;
}

/** Calls at every sign of a person; returns how to stop. */
export function onTouch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
