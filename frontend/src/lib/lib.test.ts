import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { colormapTable, colourise } from "./colormap";
import { formatBytes, formatDuration, formatMoment, formatPercent } from "./format";
import { PALETTE } from "./palette";
import { ApiProblem, problemFrom } from "./problem";
import { topClass } from "./taxonomy";
import { randomUuid } from "./uuid";
import { panBy, WHOLE, zoomAt } from "./viewport";

describe("formatting", () => {
  it("never claims certainty", () => {
    expect(formatPercent(0.999, "en")).toBe(">99\u00a0%");
    expect(formatPercent(0.001, "en")).toBe("<1\u00a0%");
    expect(formatPercent(0.724, "en")).toBe("72\u00a0%");
    expect(formatPercent(0.724, "zh")).toBe("72%");
  });

  it("counts bytes in steps of 1024, as the server does", () => {
    expect(formatBytes(50 * 1024 * 1024)).toBe("50\u00a0MB");
    expect(formatBytes(1536)).toBe("1.5\u00a0kB");
    expect(formatBytes(14)).toBe("14\u00a0B");
  });

  it("shows time in a unit one can feel", () => {
    expect(formatDuration(41)).toBe("41\u00a0ms");
    expect(formatDuration(912)).toBe("0.9\u00a0s");
  });

  it("names the year only when it is another one", () => {
    const now = new Date("2026-11-24T15:00:00");
    expect(formatMoment("2026-11-24T14:02:00", "en", now)).toBe("24 Nov 14:02");
    expect(formatMoment("2025-10-02T08:15:00", "en", now)).toContain("2025");
  });
});

describe("colour maps", () => {
  it("end in the colours of matplotlib's inferno and of jet", () => {
    const inferno = colormapTable("inferno");
    expect([...inferno.slice(0, 3)]).toEqual([0, 0, 4]);
    expect([...inferno.slice(-3)]).toEqual([252, 255, 164]);
    const jet = colormapTable("jet");
    expect([...jet.slice(0, 3)]).toEqual([0, 0, 128]);
    expect([...jet.slice(-3)]).toEqual([128, 0, 0]);
  });

  it("leave the image untouched where there is no attention", () => {
    const values = Uint8Array.from([0, 64, 255]);
    const alpha = (index: number, pixels: Uint8ClampedArray) => pixels[index * 4 + 3] ?? -1;
    const blend = colourise(values, { colormap: "inferno", threshold: 0, opaque: false });
    expect(alpha(0, blend)).toBe(0);
    expect(alpha(1, blend)).toBeGreaterThan(0);
    expect(alpha(1, blend)).toBeLessThan(alpha(2, blend));
    expect(alpha(2, blend)).toBe(255);
    const cut = colourise(values, { colormap: "inferno", threshold: 0.5, opaque: true });
    expect([0, 1, 2].map((index) => alpha(index, cut))).toEqual([0, 0, 255]);
  });
});

describe("viewport", () => {
  it("keeps the point under the pointer where it is", () => {
    const before = zoomAt(WHOLE, 2, 0.25, 0.75);
    const after = zoomAt(before, 1.5, 0.25, 0.75);
    const seen = (view: typeof after) => [
      (0.25 - view.x) / view.scale,
      (0.75 - view.y) / view.scale,
    ];
    expect(seen(after)[0]).toBeCloseTo(seen(before)[0] ?? 0);
    expect(seen(after)[1]).toBeCloseTo(seen(before)[1] ?? 0);
  });

  it("never shows beyond the edge and never shrinks below the whole", () => {
    expect(panBy(WHOLE, 0.4, -0.4)).toEqual(WHOLE);
    expect(panBy(zoomAt(WHOLE, 2), 5, 5)).toEqual({ scale: 2, x: 0, y: 0 });
    expect(zoomAt(WHOLE, 0.1)).toEqual(WHOLE);
  });
});

describe("problems", () => {
  it("reads problem+json, and survives a proxy's HTML", () => {
    const body = {
      code: "too_small",
      detail: "…",
      errors: { image_2d: [{ code: "x", detail: "y" }] },
    };
    expect(problemFrom(422, body, "3")).toMatchObject({ code: "too_small", retryAfter: 3 });
    const html = problemFrom(502, "<html>", null);
    expect(html).toBeInstanceOf(ApiProblem);
    expect(html.code).toBe("http_502");
  });
});

it("names the most likely class, the first among equals", () => {
  expect(topClass({ benign: 0.1, lymphoma: 0.3, metastatic: 0.6 })).toBe("metastatic");
  expect(topClass({ benign: 0.4, lymphoma: 0.4, metastatic: 0.2 })).toBe("benign");
});

it("makes UUIDs of version 4", () => {
  expect(randomUuid()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

it("paints the first frame in the palette's page colours", () => {
  const script = readFileSync(join(import.meta.dirname, "../../public/theme.js"), "utf8");
  expect(script).toContain(PALETTE.dark.page);
  expect(script).toContain(PALETTE.light.page);
});

/** WCAG relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

it.each(["dark", "light"] as const)("keeps contrast in the %s theme", (name) => {
  const colours = PALETTE[name];
  for (const className of ["benign", "lymphoma", "metastatic"] as const) {
    expect(contrast(colours[className], colours.panel), className).toBeGreaterThanOrEqual(3);
    expect(contrast(colours[className], colours.track), className).toBeGreaterThanOrEqual(3);
  }
  expect(contrast(colours["accent-hover"], "#ffffff"), "hovered button").toBeGreaterThanOrEqual(
    4.5,
  );
  for (const text of ["text", "text-quiet", "link", "warning", "danger"] as const) {
    expect(contrast(colours[text], colours.panel), text).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colours[text], colours.raised), text).toBeGreaterThanOrEqual(4.5);
  }
});
