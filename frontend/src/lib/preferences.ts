/** Small choices kept in this browser only; a blocked storage is no error. */
export function readPreference<T extends string>(
  name: string,
  allowed: readonly T[],
  fallback: T,
): T {
  try {
    const value = localStorage.getItem(name);
    return allowed.find((option) => option === value) ?? fallback;
  } catch {
    return fallback;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Private windows may refuse storage: the choice then lasts as long as the page.
  }
}
