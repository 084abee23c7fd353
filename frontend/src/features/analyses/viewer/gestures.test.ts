import { describe, expect, it } from "vitest";

import { isMeantToZoom, pinched } from "./gestures";

const LONG = 10_000;
const still = { enlarged: false, sinceScroll: LONG, sinceZoom: LONG };

describe("wheel over an image", () => {
  it.each([
    ["inwards zooms", -100, false, still, true],
    ["outwards scrolls the page", 100, false, still, false],
    [
      "inwards while the page is being scrolled goes on scrolling",
      -100,
      false,
      { ...still, sinceScroll: 50 },
      false,
    ],
    ["outwards zooms while enlarged", 100, false, { ...still, enlarged: true }, true],
    [
      "the turn that made it whole does not scroll on",
      100,
      false,
      { ...still, sinceZoom: 50 },
      true,
    ],
    ["with Ctrl it always zooms", 100, true, { ...still, sinceScroll: 0 }, true],
  ] as const)("%s", (_, deltaY, ctrlKey, state, expected) => {
    expect(isMeantToZoom({ deltaY, ctrlKey }, state)).toBe(expected);
  });
});

describe("two fingers", () => {
  const touches = new Map([
    [1, [0.4, 0.5] as const],
    [2, [0.6, 0.5] as const],
  ]);

  it("apart enlarge around their middle", () => {
    const { factor, middle, by } = pinched(touches, 2, [0.8, 0.5]);
    expect(factor).toBeCloseTo(2);
    expect(middle).toEqual([0.5, 0.5]);
    expect(by[0]).toBeCloseTo(0.1);
  });
});
