/** A rectangle in whole pixels of the upright image: the part that the model sees. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Where a region is taken hold of: its edges as letters of the compass, or the whole box. */
export const HANDLES = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;
export type Handle = (typeof HANDLES)[number] | "move";

const between = (value: number, low: number, high: number) =>
  Math.min(Math.max(low, high), Math.max(low, value));

/** The API's [x, y, width, height]. */
export function regionOf(list: readonly number[] | null | undefined): Region | null {
  const [x, y, width, height] = list ?? [];
  if (x === undefined || y === undefined || width === undefined || height === undefined)
    return null;
  return { x, y, width, height };
}

/** `x,y,w,h`, as the form sends it. */
export const regionText = ({ x, y, width, height }: Region) => [x, y, width, height].join(",");

export const wholeOf = ({ width, height }: Size): Region => ({ x: 0, y: 0, width, height });

/** Whole pixels, inside the image, and no side shorter than `least`. */
export function fitted(region: Region, size: Size, least: number): Region {
  const width = between(Math.round(region.width), Math.min(least, size.width), size.width);
  const height = between(Math.round(region.height), Math.min(least, size.height), size.height);
  return {
    x: between(Math.round(region.x), 0, size.width - width),
    y: between(Math.round(region.y), 0, size.height - height),
    width,
    height,
  };
}

/** The region, or null where it is the whole image. */
export function partOf(region: Region, size: Size): Region | null {
  return region.width === size.width && region.height === size.height ? null : region;
}

/** A region usable as it is: inside the image, large enough, and not simply all of it. */
export function usablePart(region: Region | null, size: Size, least: number): Region | null {
  if (!region) return null;
  const same = regionText(fitted(region, size, least)) === regionText(region);
  return same ? partOf(region, size) : null;
}

/** The region after its handle was moved by (dx, dy) pixels; the opposite edge stays where it is. */
export function dragged(
  region: Region,
  handle: Handle,
  [dx, dy]: readonly [number, number],
  size: Size,
  least: number,
): Region {
  if (handle === "move") {
    return fitted({ ...region, x: region.x + dx, y: region.y + dy }, size, least);
  }
  const right = region.x + region.width;
  const bottom = region.y + region.height;
  const west = handle.includes("w") ? between(region.x + dx, 0, right - least) : region.x;
  const north = handle.includes("n") ? between(region.y + dy, 0, bottom - least) : region.y;
  const east = handle.includes("e") ? between(right + dx, region.x + least, size.width) : right;
  const south = handle.includes("s") ? between(bottom + dy, region.y + least, size.height) : bottom;
  return fitted({ x: west, y: north, width: east - west, height: south - north }, size, least);
}

/** The region between two points, whichever was first. */
export function spanned(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  size: Size,
  least: number,
): Region {
  const left = between(Math.min(x1, x2), 0, size.width);
  const top = between(Math.min(y1, y2), 0, size.height);
  const width = between(Math.max(x1, x2), 0, size.width) - left;
  const height = between(Math.max(y1, y2), 0, size.height) - top;
  return fitted({ x: left, y: top, width, height }, size, least);
}
