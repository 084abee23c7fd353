import { expect, test } from "vitest";

import type { Modality } from "@/lib/taxonomy";
import { aPrediction } from "@/testing/fixtures";

import { rightFields } from "./rightFields";

const looking = (modality: Modality, like: Modality | null, image: string | null = "/x.png") =>
  aPrediction(modality, {
    image,
    flags: like ? [{ code: "wrong_slot", detail: "", looks_like: like }] : [],
  });

test("images that changed places are placed by what they look like, the others stay", () => {
  const placings = rightFields([
    looking("2d", "cdfi", "/a.png"),
    looking("cdfi", "2d", "/b.png"),
    looking("elastography", null, "/c.png"),
  ]);
  expect(placings).toEqual([
    { picture: "/a.png", modality: "cdfi" },
    { picture: "/b.png", modality: "2d" },
    { picture: "/c.png", modality: "elastography" },
  ]);
});

test("one image moves to a free field", () => {
  expect(rightFields([looking("2d", "elastography")])).toHaveLength(1);
});

test("nothing is offered where all is right, a field would hold two, or a picture is gone", () => {
  expect(rightFields([looking("2d", null)])).toBeNull();
  expect(rightFields([looking("2d", "cdfi"), looking("cdfi", null)])).toBeNull();
  expect(rightFields([looking("2d", "cdfi", null)])).toBeNull();
});
