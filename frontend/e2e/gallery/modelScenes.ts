import type { Page } from "@playwright/test";

import type { ModelVersion, VersionEvent } from "../../src/api/types";
import { aModelAdmin, aSession, aUser } from "../../src/testing/fixtures";
import {
  aBrief,
  aCheck,
  aComparison,
  aModelCard,
  aModelVersion,
  anAnswering,
  aTextAudit,
  aVersionEvent,
} from "../../src/testing/modelFixtures";
import { problem, reply } from "../support/fakeApi";

import type { GalleryScene } from "./scenes";

const ADMIN = aSession({ user: aModelAdmin() });
export const list = (results: unknown[]) => reply({ next: null, previous: null, results });

export const VERSIONS: ModelVersion[] = [
  aModelVersion("2d", {
    id: "v6",
    name: "hospital-2d 2026-11, five folds, pooled with the spring set and checked twice",
    architecture: "ensemble:resnet152x5",
    state: "checking",
    synthetic: false,
    check_passed: null,
    activated_at: null,
    created_at: "2026-11-24T13:58:00Z",
    uploaded_by: "m.admin",
  }),
  aModelVersion("2d", {
    id: "v5",
    name: "demo-2d-b",
    state: "checked",
    activated_at: null,
    created_at: "2026-11-24T11:20:00Z",
    uploaded_by: "m.admin",
  }),
  aModelVersion("cdfi", {
    id: "v4",
    name: "cdfi-nan",
    state: "rejected",
    synthetic: false,
    check_passed: false,
    activated_at: null,
    created_at: "2026-11-23T16:05:00Z",
    uploaded_by: "h.lindqvist",
  }),
  aModelVersion("2d"),
  aModelVersion("cdfi"),
  aModelVersion("elastography"),
  aModelVersion("elastography", {
    id: "v0",
    name: "demo-elastography 2025",
    state: "retired",
    created_at: "2025-06-01T08:00:00Z",
    retired_at: "2026-11-20T10:00:00Z",
  }),
];

const EVENTS: VersionEvent[] = [
  aVersionEvent({
    id: "e6",
    created_at: "2026-11-24T13:30:00Z",
    action: "activated",
    version: aBrief("demo-2d"),
    from_version: aBrief("demo-2d-b"),
    reason: "Roll-back: the new version calls reactive nodes lymphoma.",
  }),
  aVersionEvent({
    id: "e5",
    created_at: "2026-11-24T12:10:00Z",
    action: "activated",
    version: aBrief("demo-2d-b"),
    from_version: aBrief("demo-2d"),
    reason: "Finds more lymphoma at the same number of false alarms.",
  }),
  aVersionEvent({
    id: "e4",
    created_at: "2026-11-24T11:45:00Z",
    action: "compared",
    version: aBrief("demo-2d-b"),
    reason: "Second recipe: is lymphoma found more often?",
  }),
  aVersionEvent({
    id: "e3",
    created_at: "2026-11-24T11:21:00Z",
    action: "checked",
    version: aBrief("demo-2d-b"),
    reason: "First check.",
  }),
  aVersionEvent({
    id: "e2",
    created_at: "2026-11-23T16:06:00Z",
    action: "rejected",
    modality: "cdfi",
    version: aBrief("cdfi-nan", false),
    actor: "h.lindqvist",
    reason:
      "weights_finite: The weights contain NaN or infinity (in layer4.2.conv3.weight). (First check.)",
  }),
  aVersionEvent({ actor: null, reason: "Imported from the command line." }),
];

export const answers = {
  "models/answering/": reply(anAnswering()),
  "models/": list(VERSIONS),
  "models/history/": list(EVENTS),
  "comparisons/": list([aComparison()]),
};

const CANDIDATE = aModelCard("2d", {
  id: "version-demo-2d-b",
  name: "demo-2d-b",
  state: "checked",
  activated_at: null,
  uploaded_by: "m.admin",
  created_at: "2026-11-24T11:20:00Z",
});

const CALIBRATED = {
  images: 1200,
  source: "fresh phantoms of the same generator, none trained on",
  synthetic: true,
  before: { ece: 0.112, brier: 0.31 },
  after: { ece: 0.031, brier: 0.284 },
  bins: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((low, index) => ({
    low,
    high: low + 0.1,
    count: 40 + 60 * index,
    confidence: low + 0.052,
    accuracy: low + 0.02 + 0.012 * index,
  })),
};

function version(change: Partial<typeof CANDIDATE>): GalleryScene {
  return {
    path: "/models/version-demo-2d-b",
    session: ADMIN,
    answers: {
      ...answers,
      "models/version-demo-2d-b/": reply({ ...CANDIDATE, ...change }),
      "models/version-demo-2d-b/events/": list(
        EVENTS.filter((event) => event.version.name === "demo-2d-b"),
      ),
    },
  };
}

const FAILED = aCheck({
  state: "failed",
  findings: aCheck().findings.map((finding) =>
    finding.code === "golden_answers"
      ? {
          ...finding,
          passed: false,
          detail:
            "The reference image of lymphoma gives 0.212 where the manifest stores 0.731: the weights are not those that were exported.",
        }
      : finding,
  ),
});

async function chooseFile(page: Page, name: string) {
  const buffer = Buffer.alloc(4096, 1);
  await page
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer });
}

async function openAction(page: Page, name: RegExp) {
  await page.getByRole("button", { name }).first().click();
  await page.getByRole("dialog").waitFor();
}

export const MODEL_SCENES: Record<string, GalleryScene> = {
  models: { path: "/models", answers: { ...answers, "models/": list(VERSIONS.slice(3, 6)) } },
  "models-staff": { path: "/models", session: ADMIN, answers },
  "models-none": {
    path: "/models",
    session: ADMIN,
    answers: {
      ...answers,
      "models/": list([]),
      "models/answering/": reply({
        at: "2026-11-24T14:00:00Z",
        versions: { "2d": null, cdfi: null, elastography: null },
      }),
    },
  },
  "models-then": {
    path: "/models",
    session: ADMIN,
    answers,
    act: (page) => page.locator("input[type=datetime-local]").fill("2026-11-21T14:02"),
  },
  "models-failed": {
    path: "/models",
    answers: { "models/": problem(404, "x"), "models/answering/": problem(404, "x") },
  },
  "model-card": { path: "/models/version-2d", answers },
  "model-card-calibrated": {
    ...version({ state: "active", calibration_figures: CALIBRATED }),
    act: async (page) => {
      const bins = page.getByText(/Stated and right|各区间/);
      await bins.click();
      await page
        .getByRole("columnheader", { name: /^(Stated|所述概率)$/ })
        .scrollIntoViewIfNeeded();
    },
  },
  "version-waiting": version({
    state: "uploaded",
    check: aCheck({ state: "waiting", findings: [] }),
  }),
  "version-running": version({
    state: "checking",
    check: aCheck({ state: "running", findings: [] }),
  }),
  "version-passed": version({}),
  "version-rejected": version({ state: "rejected", check_passed: false, check: FAILED }),
  "version-active": version({ state: "active", activated_at: "2026-11-24T12:10:00Z" }),
  "version-no-figures": version({
    synthetic: false,
    class_scores: [],
    known_weaknesses: [],
    map_audit: null,
  }),
  "version-map-audit": {
    ...version({ map_audit: { ...aTextAudit(), caveat: "ViT" } }),
    act: (page) => page.getByTestId("map-audit").scrollIntoViewIfNeeded(),
  },
  "version-map-audit-activate": {
    ...version({ map_audit: aTextAudit() }),
    act: (page) => openAction(page, /^(Activate|启用)$/),
  },
  "version-activate": {
    ...version({}),
    act: (page) => openAction(page, /^(Activate|启用)$/),
  },
  "version-compare": { ...version({}), act: (page) => openAction(page, /^(Compare|比较)$/) },
  "upload-empty": { path: "/models/upload", session: ADMIN },
  "upload-chosen": {
    path: "/models/upload",
    session: ADMIN,
    act: (page) => chooseFile(page, "demo-2d-b.safetensors"),
  },
  "upload-pickle": {
    path: "/models/upload",
    session: ADMIN,
    act: (page) => chooseFile(page, "weights.pt"),
  },
  "upload-refused": {
    path: "/models/upload",
    session: ADMIN,
    answers: { "models/": problem(422, "wrong_hash") },
    act: async (page) => {
      await chooseFile(page, "demo-2d-b.safetensors");
      await page.locator("#reason").fill("Second recipe");
      await page.getByRole("button", { name: /^(Upload|上传)$/ }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  history: { path: "/models/history", session: ADMIN, answers },
  "history-roll-back": {
    path: "/models/history",
    session: ADMIN,
    answers: {
      ...answers,
      "models/": list([aModelVersion("2d", { id: "version-demo-2d-b", state: "checked" })]),
      "models/version-demo-2d-b/": reply(CANDIDATE),
    },
    act: (page) => openAction(page, /Activate again|重新启用/),
  },
  "not-for-role": { path: "/models/history", session: aSession({ user: aUser() }) },
};
