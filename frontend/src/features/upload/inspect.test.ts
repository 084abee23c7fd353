import { describe, expect, it } from "vitest";

import type { Preview } from "@/api/types";
import { ApiProblem, NetworkLost } from "@/lib/problem";

import { newImage } from "./draft";
import { inspectFile, type Eyes } from "./inspect";
import { labelHint } from "./labelHints";
import { sniff } from "./sniff";

const PNG = "\x89PNG\r\n\x1a\n";
const DICOM = "\0".repeat(128) + "DICM";
const GREY = { coloured: 0, between: 0 };

const fileOf = (text: string, name = "x.bin") =>
  new File([Uint8Array.from(text, (character) => character.charCodeAt(0))], name);

const never = () => Promise.reject(new Error("must not be asked"));

const SEEN: Preview = {
  format: "dicom",
  width: 800,
  height: 600,
  frame: 12,
  frame_count: 25,
  region: [100, 50, 600, 500],
  suggested_modality: "cdfi",
  picture: "data:image/png;base64,AAAA",
  stills: [],
};

function look(text: string, eyes: Partial<Eyes> = {}) {
  return inspectFile(newImage(fileOf(text)), {
    limits: { max_upload_bytes: 1000, max_pixels: 1_000_000, min_side: 32 },
    decode: () => Promise.resolve({ width: 640, height: 480 }),
    colours: () => Promise.resolve(GREY),
    look: never,
    ...eyes,
  });
}

describe("sniff", () => {
  it.each([
    [PNG, "png"],
    ["\xff\xd8\xff\xe0", "jpeg"],
    ["II*\0", "tiff"],
    ["RIFF\0\0\0\0WEBP", "webp"],
    [DICOM, "dicom"],
    ["GIF89a", "foreign"],
    ["%PDF-1.7", "foreign"],
    ["hello", "unknown"],
    ["", "empty"],
  ])("knows %j as %s", async (bytes, expected) => {
    expect(await sniff(fileOf(bytes))).toBe(expected);
  });
});

describe("inspectFile", () => {
  it.each([
    ["", "empty_file"],
    ["GIF89a", "unsupported_format"],
    ["hello", "not_an_image"],
    [PNG + "x".repeat(2000), "too_large"],
  ])("finds %j: %s", async (bytes, code) => {
    expect((await look(bytes)).problem?.code).toBe(code);
  });

  it("measures the picture against the server's limits", async () => {
    const of = (width: number, height: number) =>
      look(PNG, { decode: () => Promise.resolve({ width, height }) });
    expect((await of(31, 500)).problem?.code).toBe("too_small");
    expect((await of(2000, 2000)).problem?.code).toBe("too_many_pixels");
    const good = await of(640, 480);
    expect(good.problem).toBeNull();
    expect(good.image).toMatchObject({ width: 640, height: 480, frameCount: 1, region: null });
    expect(good.image.suggestion).toMatchObject({ modality: "2d", by: "colours" });
  });

  it("calls a picture damaged that the browser cannot decode", async () => {
    const found = await look(PNG, { decode: () => Promise.reject(new Error("no")) });
    expect(found.problem?.code).toBe("corrupt");
  });

  it("has the server look at DICOM: frames, region and kind come from there", async () => {
    const { image, problem } = await look(DICOM, { look: () => Promise.resolve(SEEN) });
    expect(problem).toBeNull();
    expect(image).toMatchObject({
      preview: null,
      frame: 12,
      frameCount: 25,
      region: { x: 100, y: 50, width: 600, height: 500 },
      suggestion: { modality: "cdfi", by: "dicom" },
    });
  });

  it("offers no region that the server would refuse", async () => {
    const tiny: Preview = { ...SEEN, region: [0, 0, 20, 20] };
    const { image } = await look(DICOM, { look: () => Promise.resolve(tiny) });
    expect(image).toMatchObject({ region: null, scannerRegion: null });
  });

  it("tells the server's reason, but lets a file pass that could not be shown", async () => {
    const errors = { image: [{ code: "truncated", detail: "…" }] };
    const refused = new ApiProblem(422, "preview_refused", "…", errors);
    const found = await look(DICOM, { look: () => Promise.reject(refused) });
    expect(found.problem?.code).toBe("truncated");
    for (const error of [new NetworkLost(), new ApiProblem(429, "throttled", "…")]) {
      const passed = await look(DICOM, { look: () => Promise.reject(error) });
      expect(passed.problem).toBeNull();
      expect(passed.image.width).toBeUndefined();
    }
  });
});

describe("labelHint", () => {
  it.each([
    ["Anna Smith", "name"],
    ["smith, anna", "name"],
    ["Mrs S", "name"],
    ["王小明", "name"],
    ["12.03.1961", "date"],
    ["node 1961-03-12", "date"],
    ["20231104", "date"],
    ["patient 44718823", "number"],
  ])("warns of %j as a %s", (label, hint) => {
    expect(labelHint(label)).toBe(hint);
  });

  it.each(["", "N-17", "left level IV", "node 2 before biopsy", "Case 12", "左颈 3 区"])(
    "is silent about %j",
    (label) => {
      expect(labelHint(label)).toBeNull();
    },
  );
});
