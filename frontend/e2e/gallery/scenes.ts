import type { Page } from "@playwright/test";

import type { Analysis } from "../../src/api/types";
import { MODALITIES } from "../../src/lib/taxonomy";
import {
  ANALYSIS_ID,
  aPrediction,
  aWaitingPrediction,
  anAnalysis,
} from "../../src/testing/fixtures";
import { problem, type Scene } from "../support/fakeApi";

import { ACCOUNT_SCENES } from "./accountScenes";
import { COMPARISON_SCENES } from "./comparisonScenes";
import { MODEL_SCENES } from "./modelScenes";

export interface GalleryScene extends Scene {
  path: string;
  /** The page's clock can be turned forward. */
  clock?: boolean;
  /** Brings the page into the state, after it has loaded. */
  act?: (page: Page) => Promise<void>;
}

const RESULT = `/analyses/${ANALYSIS_ID}`;
const CONFLICT = { benign: 0.11, lymphoma: 0.68, metastatic: 0.21 };

const waiting = (state: "queued" | "running", place: number | null): Analysis =>
  anAnalysis({
    state,
    finished_at: null,
    case_answer: null,
    queue_position: place,
    predictions: MODALITIES.map((modality) => aWaitingPrediction(modality, state)),
  });

const unanswered = aPrediction("elastography", {
  state: "failed",
  failure: { code: "model_unavailable", detail: "No model is active." },
  probabilities: null,
  cams: null,
  model_version: null,
  timings_ms: null,
});

const LIST: Analysis[] = [
  anAnalysis(),
  anAnalysis({
    id: "2",
    case_label: "N-16",
    state: "partial",
    created_at: "2026-11-24T13:41:00Z",
    predictions: [aPrediction("2d"), unanswered],
    case_answer: {
      probabilities: CONFLICT,
      method: "log_mean",
      conflict: true,
      prediction_set: null,
    },
  }),
  anAnalysis({
    id: "3",
    case_label: "",
    state: "failed",
    case_answer: null,
    predictions: [unanswered],
  }),
  anAnalysis({
    id: "4",
    case_label: "left level IV, third visit, second reader, repeated after contrast 4711",
    created_at: "2025-10-02T08:15:00Z",
    predictions: [aPrediction("cdfi")],
  }),
];

async function takeExamples(page: Page) {
  await page.getByRole("button", { name: /example images|示例图像/ }).click();
  await page.locator('[data-status="ready"]').nth(2).waitFor();
}

async function dropBroken(page: Page) {
  await takeExamples(page);
  await page.locator("#slot-cdfi-file").setInputFiles({
    name: "b.png",
    mimeType: "image/png",
    buffer: Buffer.from("\x89PNG\r\n\x1a\nbroken", "latin1"),
  });
  await page.locator("#case-label").fill("Smith, Anna");
  await page.locator('[data-status="refused"]').waitFor();
}

async function dicomInSlot(page: Page) {
  const buffer = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(3_400_000)]);
  await page
    .locator("#slot-2d-file")
    .setInputFiles({ name: "a.dcm", mimeType: "application/dicom", buffer });
  await page.locator('[data-status="ready"]').waitFor();
}

export const SCENES: Record<string, GalleryScene> = {
  "new-empty": { path: "/" },
  "new-filled": { path: "/", act: takeExamples },
  "new-one-broken": { path: "/", act: dropBroken },
  "new-dicom": { path: "/", act: dicomInSlot },
  "new-busy": {
    path: "/",
    answers: { "analyses/": problem(503, "queue_full") },
    act: async (page) => {
      await takeExamples(page);
      await page.getByRole("button", { name: /^(Submit|提交)$/ }).click();
      await page.locator("[data-failed]").waitFor();
    },
  },
  "result-queued": { path: RESULT, analysis: waiting("queued", 2) },
  "result-running": { path: RESULT, analysis: waiting("running", null) },
  "result-three": { path: RESULT },
  "result-conflict": {
    path: RESULT,
    analysis: anAnalysis({
      predictions: [
        aPrediction("2d"),
        aPrediction("cdfi"),
        aPrediction("elastography", { probabilities: CONFLICT }),
      ],
      case_answer: {
        probabilities: { benign: 0.09, lymphoma: 0.33, metastatic: 0.58 },
        method: "log_mean",
        conflict: true,
        prediction_set: null,
      },
    }),
  },
  "result-one": {
    path: RESULT,
    analysis: anAnalysis({
      predictions: [aPrediction("2d")],
      case_answer: {
        probabilities: { benign: 0.08, lymphoma: 0.2, metastatic: 0.72 },
        method: "log_mean",
        conflict: false,
        prediction_set: null,
      },
      case_label: "left level IV, third visit, second reader, repeated after contrast",
    }),
  },
  "result-two-map": {
    path: RESULT,
    analysis: anAnalysis({ predictions: [aPrediction("2d"), aPrediction("cdfi")] }),
    act: async (page) => {
      await page.keyboard.press("m");
      await page.keyboard.press("+");
      await page.keyboard.press("+");
    },
  },
  "result-nothing-speaks": { path: RESULT, act: (page) => page.keyboard.press("1") },
  "result-partial": {
    path: RESULT,
    analysis: anAnalysis({
      state: "partial",
      predictions: [aPrediction("2d"), aPrediction("cdfi"), unanswered],
    }),
  },
  "result-failed": {
    path: RESULT,
    analysis: anAnalysis({ state: "failed", case_answer: null, predictions: [unanswered] }),
  },
  "result-keys": { path: RESULT, act: (page) => page.keyboard.press("?") },
  "list-empty": { path: "/analyses" },
  "list-many": { path: "/analyses", list: LIST },
  ...MODEL_SCENES,
  ...COMPARISON_SCENES,
  about: { path: "/about" },
  ...ACCOUNT_SCENES,
  "not-found": { path: "/nowhere" },
  offline: {
    path: "/",
    act: async (page) => {
      await takeExamples(page);
      await page.context().setOffline(true);
    },
  },
  "server-gone": { path: "/", answers: { "auth/session/": (route) => route.abort() } },
  "keyboard-focus": {
    path: RESULT,
    act: async (page) => {
      for (let press = 0; press < 12; press += 1) await page.keyboard.press("Tab");
    },
  },
};
