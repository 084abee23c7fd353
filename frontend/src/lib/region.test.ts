import { describe, expect, it } from "vitest";

import { dragged, fitted, partOf, regionOf, regionText, spanned, usablePart } from "./region";

const SIZE = { width: 200, height: 100 };
const BOX = { x: 50, y: 20, width: 60, height: 50 };

describe("region", () => {
  it("reads the API's list and writes the form's text", () => {
    expect(regionOf([1, 2, 30, 40])).toEqual({ x: 1, y: 2, width: 30, height: 40 });
    expect(regionOf(null)).toBeNull();
    expect(regionOf([1, 2])).toBeNull();
    expect(regionText(BOX)).toBe("50,20,60,50");
  });

  it.each([
    [
      { x: -5, y: 3.4, width: 500, height: 10 },
      { x: 0, y: 3, width: 200, height: 32 },
    ],
    [
      { x: 190, y: 90, width: 40, height: 40 },
      { x: 160, y: 60, width: 40, height: 40 },
    ],
  ])("fits %j into the image", (wanted, expected) => {
    expect(fitted(wanted, SIZE, 32)).toEqual(expected);
  });

  it("never becomes larger than a small image", () => {
    const all = { x: 0, y: 0, width: 20, height: 20 };
    expect(fitted(BOX, { width: 20, height: 20 }, 32)).toEqual(all);
  });

  it.each([
    ["move", [10, -100], { x: 60, y: 0, width: 60, height: 50 }],
    ["e", [10, 99], { x: 50, y: 20, width: 70, height: 50 }],
    ["w", [-10, 99], { x: 40, y: 20, width: 70, height: 50 }],
    ["nw", [100, 100], { x: 78, y: 38, width: 32, height: 32 }],
    ["se", [-100, -100], { x: 50, y: 20, width: 32, height: 32 }],
    ["s", [0, 500], { x: 50, y: 20, width: 60, height: 80 }],
  ] as const)("drags %s by %j", (handle, by, expected) => {
    expect(dragged(BOX, handle, by, SIZE, 32)).toEqual(expected);
  });

  it("is spanned in any direction", () => {
    expect(spanned([120, 80], [40, -9], SIZE, 32)).toEqual({ x: 40, y: 0, width: 80, height: 80 });
  });

  it("counts as none when it is the whole image, or cannot be used as it is", () => {
    expect(partOf({ x: 0, y: 0, ...SIZE }, SIZE)).toBeNull();
    expect(usablePart(BOX, SIZE, 32)).toEqual(BOX);
    expect(usablePart({ ...BOX, x: 180 }, SIZE, 32)).toBeNull();
    expect(usablePart({ ...BOX, width: 8 }, SIZE, 32)).toBeNull();
    expect(usablePart({ x: 0, y: 0, ...SIZE }, SIZE, 32)).toBeNull();
  });
});
