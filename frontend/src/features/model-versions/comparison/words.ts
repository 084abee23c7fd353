import type { Comparison } from "@/api/types";
import { formatDuration } from "@/lib/format";
import { CLASS_NAMES } from "@/lib/taxonomy";

/** A share of cases in whole per cent: 0 and 100 are counted, not estimated, and stay what they are. */
export function formatShare(share: number, language: string): string {
  return `${roundedShare(share)}${language.startsWith("zh") ? "" : "\u00a0"}%`;
}

/** Only what is exactly none or all is called 0 or 100. */
function roundedShare(share: number): number {
  if (share <= 0 || share >= 1) return share * 100;
  return Math.min(99, Math.max(1, Math.round(share * 100)));
}

/** Whole milliseconds up to ten seconds: two versions often differ by a few. */
export function formatTime(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)}\u00a0ms` : formatDuration(ms);
}

const REACHES = [0.1, 0.25, 0.5];

/** How far a scale around 0 has to reach so that every shift lies on it. */
export function reachOf(shift: Comparison["shift"]): number {
  if (!shift) return 1;
  const ends = CLASS_NAMES.flatMap((name) => [shift[name].p5, shift[name].p95, shift[name].mean]);
  const farthest = Math.max(...ends.map(Math.abs));
  return REACHES.find((reach) => farthest <= reach) ?? 1;
}
