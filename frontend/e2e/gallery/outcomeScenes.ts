import type { Page } from "@playwright/test";

import { MODALITIES } from "../../src/lib/taxonomy";
import {
  ANALYSIS_ID,
  aPrediction,
  aSession,
  aUser,
  aWaitingPrediction,
  anAnalysis,
} from "../../src/testing/fixtures";
import { reply } from "../support/fakeApi";

import type { GalleryScene } from "./scenes";

const RESULT = `/analyses/${ANALYSIS_ID}`;
const READING = `analyses/${ANALYSIS_ID}/read/`;
const PATHOLOGY = `analyses/${ANALYSIS_ID}/pathology/`;
const OWN = { owner: "l.chen", first_read: "awaited", withheld: true, case_answer: null } as const;
const said = { created_at: "2026-11-24T14:05:00Z", author: "l.chen" };

const withheld = anAnalysis({
  ...OWN,
  predictions: MODALITIES.map((one) => aPrediction(one, { probabilities: null, cams: null })),
});
const running = anAnalysis({
  ...OWN,
  state: "running",
  finished_at: null,
  predictions: MODALITIES.map((one) => aWaitingPrediction(one, "running")),
});
const revealed = anAnalysis({ owner: "l.chen", first_read: "saved" });
const READ = { id: "r", ...said, class: "lymphoma", confidence: "medium" };
const OVERRIDDEN = {
  first_read: "saved",
  read: READ,
  verdicts: [
    {
      id: "v",
      ...said,
      class: "benign",
      agrees: false,
      reason: "Hilum preserved, long and narrow; the map speaks for the vessel beside the node.",
    },
  ],
};
const FOUND = [
  { id: "p2", ...said, class: "benign", reported_on: "2026-12-02", note: "second opinion" },
  { id: "p1", ...said, class: "metastatic", reported_on: "2026-11-28", note: "" },
];

const press = (page: Page, name: RegExp) => page.getByRole("button", { name }).first().click();
const session = aSession({ user: aUser(), first_read: { mode: "all", own: false } });

/** First read, verdict, pathology. */
export const OUTCOME_SCENES: Record<string, GalleryScene> = {
  "first-read": { path: RESULT, session, analysis: withheld },
  "first-read-running": { path: RESULT, session, analysis: running },
  "first-read-filled": {
    path: RESULT,
    session,
    analysis: withheld,
    act: async (page) => {
      await page
        .getByText(/^(lymphoma|淋巴瘤)$/)
        .first()
        .click();
      await page.getByText(/^(fairly sure|较有把握)$/).click();
    },
  },
  "first-read-others": {
    path: RESULT,
    session: aSession({ user: aUser({ username: "k.audit", roles: ["auditor"] }) }),
    analysis: withheld,
  },
  "first-read-listed": { path: "/analyses", session, list: [withheld, revealed] },
  "read-revealed": {
    path: RESULT,
    session,
    analysis: revealed,
    answers: { [READING]: reply({ first_read: "saved", read: READ, verdicts: [] }) },
  },
  "read-overridden": {
    path: RESULT,
    session,
    analysis: revealed,
    answers: { [READING]: reply(OVERRIDDEN), [PATHOLOGY]: reply({ entries: FOUND }) },
  },
  "verdict-override": {
    path: RESULT,
    session,
    analysis: revealed,
    act: async (page) => {
      await press(page, /^(Override|否决)/);
      await page.getByRole("dialog").waitFor();
      await page.getByRole("dialog").getByRole("button").last().click();
    },
  },
  "pathology-correct": {
    path: RESULT,
    session,
    analysis: revealed,
    answers: { [PATHOLOGY]: reply({ entries: FOUND }) },
    act: async (page) => {
      await press(page, /^(Correct|更正)/);
      await page.getByRole("dialog").waitFor();
    },
  },
};
