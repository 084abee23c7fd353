import type { Page } from "@playwright/test";

import type { Analysis } from "../../src/api/types";
import { MODALITIES } from "../../src/lib/taxonomy";
import {
  ANALYSIS_ID,
  aPrediction,
  aWaitingPrediction,
  anAnalysis,
  aSession,
  aUser,
} from "../../src/testing/fixtures";
import { problem, reply } from "../support/fakeApi";

import type { GalleryScene } from "./scenes";

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
      fusion_version: null,
      conflict: true,
      prediction_set: null,
      set_level: null,
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

/** With a frame of a cine, and a region that was used. */
const cropped = () =>
  anAnalysis({
    predictions: [
      aPrediction("2d", { region: [28, 16, 190, 164], frame: 20, frame_count: 41 }),
      aPrediction("cdfi", { region: [60, 40, 130, 110] }),
      aPrediction("elastography"),
    ],
  });

async function noWorker(page: Page) {
  const checks = { worker: { ok: false, detail: "no worker was heard from within 30 s" } };
  await page.route("**/readyz", (route) => route.fulfill({ status: 503, json: { checks } }));
  await page.clock.fastForward(6000);
  await page.getByTestId("progress").and(page.locator("[data-away]")).waitFor();
}

const SHARES = [
  {
    id: "1",
    created_at: "2026-11-24T14:10:00Z",
    expires_at: "2026-12-01T14:10:00Z",
    opened_by: [],
  },
  {
    id: "2",
    created_at: "2026-11-20T08:00:00Z",
    expires_at: "2026-12-20T08:00:00Z",
    opened_by: ["dr.wu", "h.martin"],
  },
];

/** The same node half a year before. */
const EARLIER = anAnalysis({
  id: "earlier",
  created_at: "2026-05-02T09:20:00Z",
  predictions: [
    aPrediction("2d", { probabilities: CONFLICT }),
    aPrediction("elastography", { probabilities: CONFLICT }),
  ],
  case_answer: {
    probabilities: CONFLICT,
    method: "log_mean",
    fusion_version: null,
    conflict: false,
    prediction_set: null,
    set_level: null,
  },
});

export const RESULT_SCENES: Record<string, GalleryScene> = {
  "exams-compared": {
    path: `/compare/earlier/${ANALYSIS_ID}`,
    answers: { "analyses/earlier/": reply(EARLIER) },
  },
  "exams-menu": {
    path: RESULT,
    list: [anAnalysis(), EARLIER],
    act: async (page) => {
      await page.getByRole("button", { name: /Compare|比较/ }).click();
    },
  },
  "share-dialog": {
    path: RESULT,
    session: aSession({ user: aUser() }),
    analysis: anAnalysis({ owner: "l.chen" }),
    answers: {
      [`analyses/${ANALYSIS_ID}/share/`]: (route) =>
        route.request().method() === "POST"
          ? reply({ ...SHARES[0], token: "bT9wZ2x0c3Q1dGhpcy1pcy1vbmx5LWEtZml4dHVyZQ" }, 201)(route)
          : reply(SHARES)(route),
    },
    act: async (page) => {
      await page.getByRole("button", { name: /Share|共享/ }).click();
      await page.getByRole("button", { name: /Make a link|生成链接/ }).click();
      await page.getByRole("status").filter({ hasText: "/shared#" }).waitFor();
    },
  },
  "share-ended": {
    path: "/shared#gone",
    session: aSession({ user: aUser() }),
    answers: { "shared/": problem(404, "share_ended") },
  },
  "history-searched": {
    path: "/analyses?label=N-1&from=2026-10-01&to=2026-11-30&answer=metastatic",
    list: LIST,
  },
  "history-nothing": { path: "/analyses?answer=benign&state=failed" },
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
        fusion_version: null,
        conflict: true,
        prediction_set: null,
        set_level: null,
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
        fusion_version: null,
        conflict: false,
        prediction_set: null,
        set_level: null,
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
  "result-no-worker": {
    path: RESULT,
    clock: true,
    analysis: waiting("queued", 2),
    act: noWorker,
  },
  "result-region": { path: RESULT, analysis: cropped() },
  "result-one-large": {
    path: RESULT,
    analysis: cropped(),
    act: (page) => page.keyboard.press("s"),
  },
  "result-threshold-jet": {
    path: RESULT,
    act: async (page) => {
      await page.keyboard.press("c");
      for (let press = 0; press < 8; press += 1) await page.keyboard.press(".");
      await page.getByRole("button", { name: /Colours and threshold|配色与阈值/ }).click();
    },
  },
  "list-empty": { path: "/analyses" },
  "list-many": { path: "/analyses", list: LIST },
  "keyboard-focus": {
    path: RESULT,
    act: async (page) => {
      for (let press = 0; press < 12; press += 1) await page.keyboard.press("Tab");
    },
  },
};
