import type { Prediction } from "@/api/types";
import { regionOf, type Region, type Size } from "@/lib/region";

/** What is burned into an image, in the order of the key below it. */
export const BURNED_IN = ["text", "callipers", "bars"] as const;
export type BurnedIn = (typeof BURNED_IN)[number];

/** Of the image's longer side, so that the line runs beside what it marks, not over it. */
const MARGIN = 0.006;

/** The kinds that were found, with the outline of each place in pixels of the image; none: an empty list. */
export function burnedInPlaces(
  { text_check: check }: Pick<Prediction, "text_check">,
  size: Size,
): { kind: BurnedIn; places: Region[] }[] {
  const boxes = check?.boxes;
  if (!boxes) return [];
  return BURNED_IN.map((kind) => ({
    kind,
    places: boxes[kind].map(regionOf).flatMap((box) => (box ? [around(box, size)] : [])),
  })).filter(({ places }) => places.length > 0);
}

export const hasBurnedIn = (prediction: Prediction): boolean =>
  burnedInPlaces(prediction, prediction).length > 0;

/** The box with a margin, cut at the image's edges. */
export function around({ x, y, width, height }: Region, size: Size): Region {
  const margin = MARGIN * Math.max(size.width, size.height);
  const [left, top] = [Math.max(0, x - margin), Math.max(0, y - margin)];
  return {
    x: left,
    y: top,
    width: Math.min(size.width, x + width + margin) - left,
    height: Math.min(size.height, y + height + margin) - top,
  };
}
