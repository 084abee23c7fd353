import { aModelAdmin, aSession } from "../../src/testing/fixtures";
import {
  aComparedCase,
  aComparison,
  aModelCard,
  anAnswering,
  COMPARISON_ID,
} from "../../src/testing/modelFixtures";
import { reply } from "../support/fakeApi";

import type { GalleryScene } from "./scenes";

const ADMIN = aSession({ user: aModelAdmin() });
const list = (results: unknown[]) => reply({ next: null, previous: null, results });
const CANDIDATE = aModelCard("2d", {
  id: "version-demo-2d-b",
  name: "demo-2d-b",
  state: "checked",
});

const ADDRESS = `comparisons/${COMPARISON_ID}/`;

function comparison(change: Parameters<typeof aComparison>[0], cases: unknown[]): GalleryScene {
  return {
    path: `/models/${ADDRESS}`,
    session: ADMIN,
    answers: {
      "models/answering/": reply(anAnswering()),
      "models/version-demo-2d-b/": reply(CANDIDATE),
      [ADDRESS]: reply(aComparison(change)),
      [`${ADDRESS}cases/`]: list(cases),
    },
  };
}

const CASES = [
  aComparedCase(),
  aComparedCase({
    id: "case-2",
    case_label: "left level IV, third visit, second reader, repeated after contrast",
  }),
];

const nothing = { total: 50, done: 0, failed: 0, agree: 0, changed: 0 };
const zero = { benign: 0, lymphoma: 0, metastatic: 0 };

export const COMPARISON_SCENES: Record<string, GalleryScene> = {
  "comparison-queued": comparison(
    {
      state: "queued",
      finished_at: null,
      counts: nothing,
      agreement: null,
      shift: null,
      latency_ms: { baseline: null, candidate: null },
      confusion: { benign: zero, lymphoma: zero, metastatic: zero },
    },
    [],
  ),
  "comparison-running": comparison(
    {
      state: "running",
      finished_at: null,
      counts: { total: 50, done: 18, failed: 0, agree: 17, changed: 1 },
    },
    CASES.slice(0, 1),
  ),
  "comparison-finished": comparison({}, CASES),
  "comparison-cases": {
    ...comparison({}, CASES),
    act: async (page) => {
      await page.locator("#cases").scrollIntoViewIfNeeded();
      await page.evaluate(() => {
        document.querySelector("#cases")?.scrollIntoView();
      });
    },
  },
  "comparison-same": comparison(
    {
      baseline: null,
      counts: { total: 50, done: 50, failed: 0, agree: 50, changed: 0 },
      agreement: 1,
    },
    [],
  ),
};
