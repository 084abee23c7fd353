import type { ModelCard } from "@/api/types";
import type { Modality } from "@/lib/taxonomy";

import { aCheck, aModelCard } from "./modelFixtures";

/** A version that joins the three demo versions. */
export function aFusionCard(change: Partial<ModelCard> = {}): ModelCard {
  return aModelCard("2d", {
    id: "version-fusion",
    name: "demo-fusion",
    modality: "fusion",
    architecture: "stacking",
    input_size: null,
    map_audit: null,
    limits: ["SYNTHETIC: fitted on computer-made phantoms only."],
    split_protocol: "Figures by five-fold cross-validation over patients.",
    check: aCheck({
      findings: [
        aFinding("manifest_complete", "The manifest is complete (format version 5)."),
        aFinding(
          "weights_hash",
          "The weights are those that the manifest was written for (sha256).",
        ),
        aFinding(
          "architecture_shapes",
          "It joins 2d+cdfi, 2d+elastography; every weight is finite.",
        ),
        aFinding("golden_answers", "The 12 golden answers are joined as the file says."),
        {
          ...aFinding(
            "fusion_gain",
            "Not shown to be better than the best alone: 2d + elastography.",
          ),
          passed: false,
          blocking: false,
        },
      ],
    }),
    fusion: {
      fitted_on:
        "720 synthetic phantoms (phantoms-v1:seeds-1000000000-1000000719), none trained on",
      inputs: [
        { modality: "2d", name: "demo-2d", is_active: true },
        { modality: "cdfi", name: "demo-cdfi", is_active: true },
        { modality: "elastography", name: "demo-elastography", is_active: false },
      ],
      gains: [
        aGain(["2d", "cdfi"], 0.936, "2d", 0.911, 0.014),
        aGain(["2d", "elastography"], 0.951, "elastography", 0.94, -0.002),
        aGain(["cdfi", "elastography"], 0.949, "elastography", 0.94, 0.001),
        aGain(["2d", "cdfi", "elastography"], 0.962, "elastography", 0.94, 0.012),
      ],
      conflict: { contradictions: 1240, recall: 0.97, precision: 0.95, flagged_ordinary: 0.05 },
    },
    ...change,
  });
}

const aFinding = (code: string, detail: string) => ({
  code,
  passed: true,
  blocking: true,
  detail,
  measured: null,
});

function aGain(modalities: Modality[], joined: number, best: Modality, alone: number, low: number) {
  const value = joined - alone;
  return {
    modalities,
    cases: 720,
    joined_auc: joined,
    best,
    best_auc: alone,
    difference: { value, low, high: value + (value - low) },
  };
}
