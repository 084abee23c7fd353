import type { Share } from "@/api/types";

const percent = (value: number) => Math.round(value * 100);

/** "75 %", or a dash where there is nothing to share. */
export function shareText({ value }: Share): string {
  return value === null ? "–" : `${percent(value)}\u00a0%`;
}

/** "9/12 · 47–91 %": counts and the 95 % interval. */
export function intervalText({ count, of, low, high }: Share): string {
  if (low === null || high === null) return "0/0";
  return `${count}/${of} · ${percent(low)}–${percent(high)}\u00a0%`;
}

export function eceText(ece: number | null): string {
  return ece === null ? "–" : ece.toFixed(3);
}
