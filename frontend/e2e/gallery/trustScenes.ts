import type { Analysis, Flag, Prediction } from "../../src/api/types";
import { CLASS_NAMES, MODALITIES, type ClassName, type Modality } from "../../src/lib/taxonomy";
import { ANALYSIS_ID, aPrediction, anAnalysis } from "../../src/testing/fixtures";

import type { GalleryScene } from "./scenes";

const RESULT = `/analyses/${ANALYSIS_ID}`;
const TRUSTED = { calibrated: true, set_level: 90 } as const;
const MISSED = {
  code: "known_weakness",
  detail: "",
  class_name: "lymphoma",
  recall: 0.48,
} as const;
const STRANGE = { code: "unlike_training", detail: "" } as const;

/** Calibrated answers with their sets; `flags` by modality. */
function trusted(
  names: ClassName[],
  flags: Partial<Record<Modality, Flag[]>> = {},
  probabilities = { benign: 0.04, lymphoma: 0.39, metastatic: 0.57 },
): Analysis {
  return anAnalysis({
    predictions: MODALITIES.map((modality) =>
      aPrediction(modality, {
        ...TRUSTED,
        prediction_set: modality === "2d" ? [...CLASS_NAMES] : ["lymphoma", "metastatic"],
        flags: flags[modality] ?? [],
      }),
    ),
    case_answer: {
      probabilities,
      method: "product_of_experts",
      fusion_version: null,
      conflict: false,
      prediction_set: names,
      set_level: 90,
    },
  });
}

const LOOKED: NonNullable<Prediction["text_check"]> = {
  state: "done",
  boxes: { text: [[8, 8, 60, 12]], callipers: [], bars: [] },
  reliance: 0.02,
  attention: null,
};

const ENSEMBLE = {
  model_version: {
    id: "version-folds",
    name: "five folds",
    architecture: "ensemble:5:resnet152",
    synthetic: true,
  },
} as const;

/** What `ml.overlays` finds in the site's own example images; and two crosses, which those lack. */
const PLACES: NonNullable<Prediction["text_check"]>["boxes"] = {
  text: [
    [488, 45, 38, 17],
    [483, 152, 31, 17],
    [483, 272, 31, 18],
    [274, 372, 56, 17],
    [491, 404, 69, 16],
  ],
  callipers: [
    [205, 190, 11, 11],
    [330, 214, 11, 11],
  ],
  bars: [[547, 205, 8, 101]],
};

/** Answers whose images were looked at again; what was covered before is told beside it. */
function textLooked(checks: Partial<Record<Modality, Prediction["text_check"]>>): Analysis {
  return anAnalysis({
    predictions: MODALITIES.map((modality, place) =>
      aPrediction(modality, {
        masking: "done",
        masked_boxes: place,
        text_check: checks[modality] ?? null,
        flags:
          modality === "cdfi" && checks.cdfi?.reliance
            ? [{ code: "text_reliance", detail: "", reliance: checks.cdfi.reliance }]
            : [],
      }),
    ),
  });
}

function aFailure(modality: Modality, code: string): Prediction {
  return aPrediction(modality, {
    state: "failed",
    failure: { code, detail: "" },
    probabilities: null,
    cams: null,
    engine: null,
    timings_ms: null,
  });
}

const FUSION = {
  id: "version-fusion",
  name: "demo-fusion",
  architecture: "stacking",
  synthetic: true,
} as const;

/** The case answer by a fitted version; `leaning` is what the first image says by itself. */
function fused(conflict: boolean, leaning: Prediction["probabilities"]): Analysis {
  const analysis = trusted(["metastatic"]);
  const [first, ...others] = analysis.predictions;
  return {
    ...analysis,
    predictions: first ? [{ ...first, probabilities: leaning }, ...others] : [],
    case_answer: analysis.case_answer && {
      ...analysis.case_answer,
      method: "fusion",
      fusion_version: FUSION,
      conflict,
    },
  };
}

export const TRUST_SCENES: Record<string, GalleryScene> = {
  "result-fusion": {
    path: RESULT,
    analysis: fused(false, { benign: 0.42, lymphoma: 0.2, metastatic: 0.38 }),
    act: (page) => page.getByRole("button", { name: /how\?|如何得出/ }).click(),
  },
  "result-fusion-conflict": {
    path: RESULT,
    analysis: fused(true, { benign: 0.96, lymphoma: 0.02, metastatic: 0.02 }),
    act: (page) =>
      page
        .getByTestId("votes")
        .getByRole("button", { name: /why|为什么/ })
        .click(),
  },
  "result-set-of-one": { path: RESULT, analysis: trusted(["metastatic"]) },
  "result-set-of-two": {
    path: RESULT,
    analysis: trusted(["lymphoma", "metastatic"], { cdfi: [MISSED] }),
    act: (page) =>
      page
        .getByRole("button", { name: /why|为什么/ })
        .first()
        .click(),
  },
  "result-cannot-say": { path: RESULT, analysis: trusted([...CLASS_NAMES], { cdfi: [MISSED] }) },
  "result-gate": {
    path: RESULT,
    analysis: trusted(["metastatic"], {
      "2d": [{ code: "wrong_slot", detail: "", looks_like: "cdfi" }, STRANGE],
      cdfi: [STRANGE, MISSED],
      elastography: [{ code: "not_ultrasound", detail: "" }, STRANGE],
    }),
  },
  "result-gate-changed-places": {
    path: RESULT,
    analysis: trusted(["metastatic"], {
      "2d": [{ code: "wrong_slot", detail: "", looks_like: "cdfi" }],
      cdfi: [{ code: "wrong_slot", detail: "", looks_like: "2d" }],
    }),
  },
  "result-gate-opened": {
    path: RESULT,
    analysis: trusted(["metastatic"], { "2d": [STRANGE], cdfi: [STRANGE, MISSED] }),
    act: (page) => page.getByRole("button", { name: /Show the answer|显示结果/ }).click(),
  },
  "result-text-checked": {
    path: RESULT,
    analysis: textLooked({
      "2d": { ...LOOKED, attention: { region: 0.62, outside_sector: 0.04, text: 0.18 } },
      cdfi: {
        ...LOOKED,
        reliance: 0.41,
        attention: { region: null, outside_sector: 0.31, text: 0.27 },
      },
      elastography: {
        ...LOOKED,
        boxes: { text: [], callipers: [], bars: [] },
        reliance: null,
        attention: null,
      },
    }),
    act: (page) =>
      page
        .getByTestId("text-check-2d")
        .getByRole("button", { name: /why|为什么/ })
        .click(),
  },
  "result-text-boxes": {
    path: RESULT,
    analysis: anAnalysis({
      predictions: [
        aPrediction("2d", {
          width: 560,
          height: 420,
          text_check: {
            ...LOOKED,
            boxes: PLACES,
            attention: { region: null, outside_sector: 0.04, text: 0.18 },
          },
        }),
        aPrediction("cdfi"),
      ],
    }),
    act: (page) =>
      page
        .getByTestId("text-check-2d")
        .getByRole("button", { name: /show on the image|在图像上显示/ })
        .click(),
  },
  "result-ensemble": {
    path: RESULT,
    analysis: anAnalysis({
      predictions: [
        aPrediction("2d", {
          ...ENSEMBLE,
          spread: {
            benign: { low: 0.03, high: 0.16 },
            lymphoma: { low: 0.09, high: 0.31 },
            metastatic: { low: 0.61, high: 0.83 },
          },
        }),
        aPrediction("cdfi", {
          ...ENSEMBLE,
          spread: {
            benign: { low: 0, high: 0.12 },
            lymphoma: { low: 0.01, high: 0.52 },
            metastatic: { low: 0.48, high: 1 },
          },
        }),
        aPrediction("elastography"),
      ],
    }),
    act: (page) => page.getByTestId("spread-2d").scrollIntoViewIfNeeded(),
  },
  "result-text-awaited": {
    path: RESULT,
    analysis: textLooked({
      "2d": { ...LOOKED, state: "pending", boxes: null, reliance: null, attention: null },
      cdfi: { ...LOOKED, state: "failed", boxes: null, reliance: null, attention: null },
    }),
  },
  "result-refused-images": {
    path: RESULT,
    analysis: anAnalysis({
      state: "partial",
      predictions: [
        aPrediction("2d"),
        aFailure("cdfi", "not_ultrasound"),
        aFailure("elastography", "masking_failed"),
      ],
    }),
  },
  "result-images-deleted": {
    path: RESULT,
    analysis: anAnalysis({
      images_kept: false,
      predictions: MODALITIES.map((modality) => aPrediction(modality, { image: null })),
    }),
  },
};
