/** A number or word of a manifest with its name in words. */
export interface Metric {
  name: string;
  value: string;
}

type Show = (value: number) => string;

/** Measured figures: three decimals, whole numbers as they are. */
export const asFigure: Show = (value) =>
  Number.isInteger(value) ? String(value) : value.toFixed(3);

/** Settings: exactly as they were set. */
export const asSet: Show = (value) => String(value);

function shown(value: unknown, show: Show): string | null {
  if (typeof value === "number") return show(value);
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return null;
}

/** The leaves of a manifest's object as a flat list, whatever its nesting; plain lists stay on one line. */
export function flatten(object: object, show: Show, prefix = ""): Metric[] {
  return Object.entries(object).flatMap(([key, value]: [string, unknown]) => {
    const word = Array.isArray(object) ? String(Number(key) + 1) : key.replaceAll("_", " ");
    const name = prefix ? `${prefix} · ${word}` : word;
    const single = shown(value, show);
    if (single !== null) return [{ name, value: single }];
    if (typeof value !== "object" || value === null) return [];
    const parts = Array.isArray(value) ? value.map((part) => shown(part, show)) : [null];
    return parts.includes(null) ? flatten(value, show, name) : [{ name, value: parts.join(", ") }];
  });
}
