import { aFusionCard } from "../../src/testing/fusionFixtures";
import { anAnswering } from "../../src/testing/modelFixtures";
import { reply } from "../support/fakeApi";

import { answers, list, VERSIONS } from "./modelScenes";
import type { GalleryScene } from "./scenes";

function withFusion() {
  const now = anAnswering();
  const fusion = {
    id: "version-fusion",
    name: "demo-fusion",
    architecture: "stacking",
    synthetic: true,
    since: "2026-11-20T09:02:00Z",
    reason: "Fitted for the demo's versions.",
  };
  return { ...now, versions: { ...now.versions, fusion } };
}

export const FUSION_SCENES: Record<string, GalleryScene> = {
  "model-card-fusion": {
    path: "/models/version-fusion",
    answers: { ...answers, "models/version-fusion/": reply(aFusionCard()) },
    act: (page) => page.getByTestId("fusion-figures").scrollIntoViewIfNeeded(),
  },
  "models-with-fusion": {
    path: "/models",
    answers: {
      ...answers,
      "models/answering/": reply(withFusion()),
      "models/": list([...VERSIONS, aFusionCard()]),
    },
  },
};
