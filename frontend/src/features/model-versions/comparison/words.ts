/** A share of cases in whole per cent: 0 and 100 are counted, not estimated, and stay what they are. */
export function formatShare(share: number, language: string): string {
  return `${roundedShare(share)}${language.startsWith("zh") ? "" : "\u00a0"}%`;
}

/** Only what is exactly none or all is called 0 or 100. */
function roundedShare(share: number): number {
  if (share <= 0 || share >= 1) return share * 100;
  return Math.min(99, Math.max(1, Math.round(share * 100)));
}

/** A difference of probabilities in points of a hundred, always with its sign. */
export function formatPoints(difference: number): string {
  const points = Math.round(difference * 100);
  if (points === 0) return "±0";
  return points > 0 ? `+${points}` : `−${-points}`;
}
