import { describe, expect, it } from "vitest";

import { draftReducer, emptyDraft, newImage, readyModalities, type Draft } from "./draft";
import { inspectFile, type Limits } from "./inspect";
import { labelHint } from "./labelHints";
import { sniff } from "./sniff";
import { assignSlots, colourShares, scoreFile } from "./sorting";

const LIMITS: Limits = { max_upload_bytes: 1000, max_pixels: 1_000_000, min_side: 32 };
const PNG = "\x89PNG\r\n\x1a\n";

const fileOf = (text: string, name = "x.bin") =>
  new File([Uint8Array.from(text, (character) => character.charCodeAt(0))], name);

function placed(draft: Draft, modality: "2d" | "cdfi"): Draft {
  const image = newImage(fileOf(PNG));
  const checking = draftReducer(draft, { type: "placed", modality, image });
  return draftReducer(checking, {
    type: "inspected",
    id: image.id,
    inspection: { preview: null, format: "png", problem: null },
  });
}

describe("draft", () => {
  it("takes a new key with every change of content", () => {
    const first = emptyDraft();
    const second = placed(first, "2d");
    const third = draftReducer(second, { type: "labelled", label: "N-17" });
    expect(new Set([first.key, second.key, third.key]).size).toBe(3);
  });

  it("swaps two slots", () => {
    const draft = placed(emptyDraft(), "2d");
    const moved = draftReducer(draft, { type: "moved", from: "2d", to: "cdfi" });
    expect(readyModalities(moved)).toEqual(["cdfi"]);
  });

  it("ignores what is found out about a file that was replaced meanwhile", () => {
    const old = newImage(fileOf(PNG));
    let draft = draftReducer(emptyDraft(), { type: "placed", modality: "2d", image: old });
    draft = placed(draft, "2d");
    const inspection = { preview: null, format: null, problem: { code: "corrupt" } };
    draft = draftReducer(draft, { type: "inspected", id: old.id, inspection });
    expect(draft.slots["2d"].status).toBe("ready");
  });

  it("keeps the other images when one is refused", () => {
    const both = placed(placed(emptyDraft(), "2d"), "cdfi");
    const after = draftReducer(both, { type: "refused", problems: { cdfi: { code: "corrupt" } } });
    expect(after.slots.cdfi.status).toBe("refused");
    expect(readyModalities(after)).toEqual(["2d"]);
  });
});

describe("sniff", () => {
  it.each([
    [PNG, "png"],
    ["\xff\xd8\xff\xe0", "jpeg"],
    ["II*\0", "tiff"],
    ["RIFF\0\0\0\0WEBP", "webp"],
    ["\0".repeat(128) + "DICM", "dicom"],
    ["GIF89a", "foreign"],
    ["%PDF-1.7", "foreign"],
    ["hello", "unknown"],
    ["", "empty"],
  ])("knows %j as %s", async (bytes, expected) => {
    expect(await sniff(fileOf(bytes))).toBe(expected);
  });
});

describe("inspectFile", () => {
  const decodeAs = (width: number, height: number) => async () => ({ width, height });

  it.each([
    ["", "empty_file"],
    ["GIF89a", "unsupported_format"],
    ["hello", "not_an_image"],
    [PNG + "x".repeat(2000), "too_large"],
  ])("finds %j: %s", async (bytes, code) => {
    const found = await inspectFile(fileOf(bytes), LIMITS, decodeAs(100, 100));
    expect(found.problem?.code).toBe(code);
  });

  it("measures the picture against the server's limits", async () => {
    const small = await inspectFile(fileOf(PNG), LIMITS, decodeAs(31, 500));
    expect(small.problem?.code).toBe("too_small");
    const big = await inspectFile(fileOf(PNG), LIMITS, decodeAs(2000, 2000));
    expect(big.problem?.code).toBe("too_many_pixels");
    const good = await inspectFile(fileOf(PNG), LIMITS, decodeAs(640, 480));
    expect(good).toMatchObject({ problem: null, width: 640, height: 480 });
  });

  it("calls a picture damaged that the browser cannot decode", async () => {
    const found = await inspectFile(fileOf(PNG), LIMITS, () => Promise.reject(new Error("no")));
    expect(found.problem?.code).toBe("corrupt");
  });

  it("leaves DICOM and TIFF to the server, without a preview", async () => {
    const never = () => Promise.reject(new Error("must not be asked"));
    const found = await inspectFile(fileOf("\0".repeat(128) + "DICM"), LIMITS, never);
    expect(found).toMatchObject({ format: "dicom", preview: null, problem: null });
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

describe("sorting", () => {
  const grey = { coloured: 0, between: 0 };
  const flow = { coloured: 0.02, between: 0.003 };
  const strain = { coloured: 0.5, between: 0.3 };

  it("finds the three kinds by their colours, in any order", () => {
    const scores = [strain, grey, flow].map((colours) => scoreFile("IMG_1.png", colours));
    expect(assignSlots(scores, ["2d", "cdfi", "elastography"])).toEqual([
      "elastography",
      "2d",
      "cdfi",
    ]);
  });

  it("trusts a telling file name more than colours", () => {
    expect(assignSlots([scoreFile("node-cdfi.png", grey)], ["2d", "cdfi"])).toEqual(["cdfi"]);
  });

  it("fills free slots before it replaces anything", () => {
    expect(assignSlots([scoreFile("a.png", grey)], ["cdfi"])).toEqual(["cdfi"]);
  });

  it("gives each of three equal images a slot of its own", () => {
    const scores = [grey, grey, grey].map((colours) => scoreFile("a.png", colours));
    expect(new Set(assignSlots(scores, [])).size).toBe(3);
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
