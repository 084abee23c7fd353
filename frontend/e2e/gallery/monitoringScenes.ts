import type { Monitoring, MonitoringFigures, Share } from "../../src/api/types";
import { problem, reply } from "../support/fakeApi";

import { as, AUDITOR } from "./accountFixtures";
import type { GalleryScene } from "./scenes";

const share = (count: number, of: number, low: number, high: number): Share => ({
  count,
  of,
  value: of === 0 ? null : count / of,
  low: of === 0 ? null : low,
  high: of === 0 ? null : high,
});
const none = share(0, 0, 0, 0);

const EMPTY: MonitoringFigures = {
  answers: 0,
  with_truth: 0,
  confusion: {
    benign: { benign: 0, lymphoma: 0, metastatic: 0 },
    lymphoma: { benign: 0, lymphoma: 0, metastatic: 0 },
    metastatic: { benign: 0, lymphoma: 0, metastatic: 0 },
  },
  accuracy: none,
  recall: { benign: none, lymphoma: none, metastatic: none },
  bins: [],
  ece: null,
  agreement_with_reads: none,
  reads_right: none,
};

const FIGURES: MonitoringFigures = {
  answers: 148,
  with_truth: 96,
  confusion: {
    benign: { benign: 22, lymphoma: 3, metastatic: 2 },
    lymphoma: { benign: 4, lymphoma: 9, metastatic: 7 },
    metastatic: { benign: 1, lymphoma: 4, metastatic: 44 },
  },
  accuracy: share(75, 96, 0.69, 0.85),
  recall: {
    benign: share(22, 27, 0.63, 0.92),
    lymphoma: share(9, 20, 0.26, 0.66),
    metastatic: share(44, 49, 0.78, 0.96),
  },
  bins: [
    { low: 0.4, high: 0.5, mean_probability: 0.46, right: share(5, 11, 0.21, 0.72) },
    { low: 0.6, high: 0.7, mean_probability: 0.65, right: share(19, 28, 0.49, 0.82) },
    { low: 0.9, high: 1, mean_probability: 0.95, right: share(51, 57, 0.79, 0.95) },
  ],
  ece: 0.041,
  agreement_with_reads: share(61, 80, 0.66, 0.84),
  reads_right: share(40, 52, 0.64, 0.86),
};

const MANY: Monitoring = {
  since: "2025-12-01T00:00:00Z",
  awaited: 3,
  cases: FIGURES,
  by_month: ["2026-09", "2026-10", "2026-11"].map((month) => ({ month, figures: FIGURES })),
  by_version: (["2d", "cdfi", "elastography"] as const).map((modality) => ({
    version: { id: modality, name: `resnet152-${modality}-2026-03` },
    modality,
    figures: FIGURES,
  })),
};
const NOTHING: Monitoring = { ...MANY, awaited: 0, cases: EMPTY, by_month: [], by_version: [] };
const UNKNOWN: Monitoring = {
  ...NOTHING,
  cases: { ...EMPTY, answers: 12 },
  by_month: [{ month: "2026-11", figures: { ...EMPTY, answers: 12 } }],
};

const scene = (body: Monitoring): GalleryScene => ({
  path: "/monitoring",
  session: as(AUDITOR),
  answers: { "monitoring/": reply(body) },
});

/** How the answers did: much, nothing, and answers without any truth. */
export const MONITORING_SCENES: Record<string, GalleryScene> = {
  monitoring: scene(MANY),
  "monitoring-empty": scene(NOTHING),
  "monitoring-no-truth": scene(UNKNOWN),
  "monitoring-failed": { ...scene(MANY), answers: { "monitoring/": problem(400, "x") } },
};
