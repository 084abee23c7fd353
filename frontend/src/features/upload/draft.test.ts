import { describe, expect, it } from "vitest";

import type { Modality } from "@/lib/taxonomy";

import {
  draftReducer,
  emptyDraft,
  newImage,
  readyModalities,
  type Draft,
  type DraftAction,
  type SlotImage,
} from "./draft";
import { suggest } from "./sorting";

const anImage = (part: Partial<SlotImage> = {}): SlotImage => ({
  ...newImage(new File(["x"], "x.png")),
  ...part,
});

function play(draft: Draft, ...actions: DraftAction[]): Draft {
  return actions.reduce(draftReducer, draft);
}

function placed(draft: Draft, modality: Modality, part: Partial<SlotImage> = {}): Draft {
  const image = anImage(part);
  return play(
    draft,
    { type: "placed", modality, image },
    { type: "inspected", inspected: { image, problem: null } },
  );
}

describe("draft", () => {
  it("takes a new key with every change of what is sent, and only then", () => {
    const steps: DraftAction[] = [
      { type: "labelled", label: "N-17" },
      { type: "framed", modality: "2d", frame: 3 },
      { type: "cropped", modality: "2d", region: { x: 0, y: 0, width: 40, height: 40 } },
      { type: "moved", from: "2d", to: "cdfi" },
      { type: "removed", modality: "cdfi" },
      { type: "undone" },
    ];
    let draft = placed(emptyDraft(), "2d", { frameCount: 5 });
    const keys = [draft.key];
    for (const step of steps) {
      draft = draftReducer(draft, step);
      keys.push(draft.key);
    }
    expect(new Set(keys).size).toBe(keys.length);
    expect(draftReducer(draft, { type: "confirmed" }).key).toBe(draft.key);
  });

  it("swaps two slots with everything that was chosen for their images", () => {
    const region = { x: 1, y: 2, width: 40, height: 50 };
    const both = placed(placed(emptyDraft(), "2d", { region }), "cdfi", { frame: 4 });
    const { slots } = play(both, { type: "moved", from: "2d", to: "cdfi" });
    expect(slots.cdfi).toMatchObject({ status: "ready", image: { region } });
    expect(slots["2d"]).toMatchObject({ image: { frame: 4 } });
  });

  it("ignores what is found out about a file that was replaced meanwhile", () => {
    const old = anImage();
    const draft = placed(play(emptyDraft(), { type: "placed", modality: "2d", image: old }), "2d");
    const late = { image: old, problem: { code: "corrupt" } };
    expect(play(draft, { type: "inspected", inspected: late }).slots["2d"].status).toBe("ready");
  });

  it("keeps the other images when one is refused; a new region is a new try", () => {
    const both = placed(placed(emptyDraft(), "2d"), "cdfi");
    const problems = { cdfi: { code: "region_outside" } };
    const refused = play(both, { type: "refused", problems });
    expect(refused.slots.cdfi.status).toBe("refused");
    expect(readyModalities(refused)).toEqual(["2d"]);
    const again = play(refused, { type: "cropped", modality: "cdfi", region: null });
    expect(readyModalities(again)).toEqual(["2d", "cdfi"]);
  });

  it("takes back what was removed or replaced", () => {
    const first = placed(emptyDraft(), "2d", { format: "png" });
    const removed = play(first, { type: "removed", modality: "2d" });
    expect(play(removed, { type: "undone" }).slots).toEqual(first.slots);
    const replaced = placed(first, "2d", { format: "jpeg" });
    expect(play(replaced, { type: "undone" }).slots).toEqual(first.slots);
    expect(first.before).toBeNull();
  });

  it("asks to look at what was sorted until somebody has", () => {
    const suggestion = suggest({ fileName: "cdfi.png", colours: null, header: null });
    const inspected = { image: anImage({ suggestion }), problem: null };
    const sorted = play(emptyDraft(), { type: "sorted", images: [inspected] });
    expect(sorted).toMatchObject({ unconfirmed: true, slots: { cdfi: { status: "ready" } } });
    expect(play(sorted, { type: "confirmed" }).unconfirmed).toBe(false);
    expect(play(sorted, { type: "moved", from: "cdfi", to: "2d" }).unconfirmed).toBe(false);
  });
});
