const NO_BREAK_SPACE = "\u00a0";

/** A probability as whole per cent; never "0" or "100", which would claim certainty. */
export function formatPercent(probability: number, language: string): string {
  const gap = language.startsWith("zh") ? "" : NO_BREAK_SPACE;
  const percent = Math.round(probability * 100);
  if (percent >= 100) return `>99${gap}%`;
  if (percent <= 0) return `<1${gap}%`;
  return `${percent}${gap}%`;
}

/** A difference of probabilities in points of a hundred, always with its sign. */
export function formatPoints(difference: number): string {
  const points = Math.round(difference * 100);
  if (points === 0) return "±0";
  return points > 0 ? `+${points}` : `−${-points}`;
}

/** Milliseconds as seconds with one decimal above a tenth of a second, else whole milliseconds. */
export function formatDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)}${NO_BREAK_SPACE}ms`;
  return `${(ms / 1000).toFixed(1)}${NO_BREAK_SPACE}s`;
}

const UNITS = ["B", "kB", "MB", "GB"];

/** In steps of 1024, as the server counts. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)}${NO_BREAK_SPACE}${UNITS[power] ?? ""}`;
}

/** "24 Nov 14:02", with the year when it is not this one. */
export function formatMoment(iso: string, language: string, now = new Date()): string {
  const moment = new Date(iso);
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    year,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  })
    .format(moment)
    .replace(", ", " ");
}
