/** What screen readers hear: one sentence, kept outside the pages so that a change of page does not lose it. */
let sentence = "";
const listeners = new Set<() => void>();

export function announce(text: string): void {
  if (text === sentence) return;
  sentence = text;
  for (const listener of listeners) listener();
}

export const announced = () => sentence;

export function onAnnouncement(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
