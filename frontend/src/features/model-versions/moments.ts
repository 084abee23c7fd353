/** What a `datetime-local` field holds as ISO 8601 in UTC; null while it is empty or half filled in. */
export function momentOf(local: string): string | null {
  if (!local) return null;
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString();
}

/** This minute in the form that a `datetime-local` field wants. */
export function localNow(now = new Date()): string {
  const shifted = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
