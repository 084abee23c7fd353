import { describe, expect, it } from "vitest";

import { inParallel } from "./arrivals";
import { colourShares } from "./colours";
import { assignSlots, bestOfMany, suggest } from "./sorting";
import { nearestStill } from "./usePicture";

const GREY = { coloured: 0, between: 0 };
const FLOW = { coloured: 0.02, between: 0.003 };
const STRAIN = { coloured: 0.5, between: 0.3 };
const ALL = ["2d", "cdfi", "elastography"] as const;

const byColours = (colours: typeof GREY) =>
  suggest({ fileName: "IMG_1.png", colours, header: null });

describe("sorting", () => {
  it("finds the three kinds by their colours, in any order", () => {
    const order = assignSlots([STRAIN, GREY, FLOW].map(byColours), ALL);
    expect(order).toEqual(["elastography", "2d", "cdfi"]);
  });

  it("trusts the header more than the name, the name more than the colours", () => {
    const named = suggest({ fileName: "node-cdfi.png", colours: GREY, header: null });
    expect(named).toMatchObject({ modality: "cdfi", by: "name" });
    const tagged = suggest({ fileName: "cdfi.dcm", colours: GREY, header: "elastography" });
    expect(tagged).toMatchObject({ modality: "elastography", by: "dicom" });
    expect(suggest({ fileName: "a.dcm", colours: null, header: null })).toBeNull();
  });

  it("fills free slots before it replaces anything", () => {
    expect(assignSlots([byColours(GREY)], ["cdfi"])).toEqual(["cdfi"]);
  });

  it("gives each of three equal images a slot of its own, and files nobody knows too", () => {
    const order = assignSlots([byColours(GREY), byColours(GREY), null], []);
    expect(new Set(order).size).toBe(3);
  });

  it("ticks the best of many for each kind, none twice", () => {
    const many = [GREY, FLOW, GREY, FLOW].map(byColours);
    expect(bestOfMany([...many, null])).toEqual([0, 1]);
    expect(bestOfMany([...many, byColours(STRAIN)])).toEqual([0, 1, 4]);
  });

  it("counts coloured pixels and those between red and blue", () => {
    const pixels = Uint8ClampedArray.from(
      [
        [90, 90, 90, 255],
        [200, 20, 20, 255],
        [20, 200, 20, 255],
        [99, 90, 80, 255],
      ].flat(),
    );
    expect(colourShares(pixels)).toEqual({ coloured: 0.5, between: 0.25 });
  });
});

describe("reading many files", () => {
  it("keeps their order and reads only so many at once", async () => {
    let now = 0;
    let most = 0;
    const results = await inParallel([30, 10, 20, 5], 2, async (ms) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, ms));
      now -= 1;
      return ms;
    });
    expect(results).toEqual([30, 10, 20, 5]);
    expect(most).toBe(2);
  });

  it("shows the nearest still while the wanted frame is on its way", () => {
    const stills = [0, 8, 16].map((frame) => ({ frame, picture: `${frame}` }));
    expect(nearestStill(stills, 11)?.frame).toBe(8);
    expect(nearestStill(stills, 99)?.frame).toBe(16);
    expect(nearestStill([], 3)).toBeUndefined();
  });
});
