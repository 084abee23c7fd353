/** A number of a manifest's metrics with its dotted name. */
export interface Metric {
  name: string;
  value: string;
}

function shown(value: unknown): string | null {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toFixed(3);
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return null;
}

/** The metrics of a manifest as a flat list, whatever their nesting; lists of numbers stay on one line. */
export function flattenMetrics(metrics: Record<string, unknown>, prefix = ""): Metric[] {
  return Object.entries(metrics).flatMap(([key, value]) => {
    const name = prefix ? `${prefix} · ${key}` : key;
    const single = shown(value);
    if (single !== null) return [{ name, value: single }];
    if (Array.isArray(value)) {
      const parts = value.map((part) => shown(part) ?? JSON.stringify(part));
      return [{ name, value: parts.join(", ") }];
    }
    if (typeof value === "object" && value !== null) {
      return flattenMetrics(value as Record<string, unknown>, name);
    }
    return [];
  });
}
