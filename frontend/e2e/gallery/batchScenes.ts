import type { Page } from "@playwright/test";

import type { Batch } from "../../src/api/types";
import { aSession, aUser, anAnalysis } from "../../src/testing/fixtures";
import { problem, reply } from "../support/fakeApi";
import { zipOf } from "../support/files";

import { as, AUDITOR } from "./accountFixtures";
import type { GalleryScene } from "./scenes";

const ID = "6f0c7d5e-0000-4000-8000-00000000ba7c";
const LONG = "Screening of the spring, second ward, repeated after the scanner's update";

const aBatch = (change: Partial<Batch> = {}): Batch => ({
  id: ID,
  name: "Screening, spring",
  owner: "l.chen",
  created_at: "2026-11-24T14:05:00Z",
  total: 3,
  waiting: 0,
  succeeded: 2,
  partial: 1,
  failed: 0,
  cancelled: 0,
  ...change,
});

const page = (results: unknown[]) => reply({ next: null, previous: null, results });
const rows = ["N-1", "N-2 with a label that goes on and on, to the very last character", "N-3"].map(
  (case_label, index) => anAnalysis({ id: `${ID.slice(0, -1)}${index}`, case_label }),
);
const session = aSession({ user: aUser() });
const one = (batch: Batch, analyses: unknown[] = rows): Partial<GalleryScene> => ({
  session,
  answers: { [`batches/${ID}/`]: reply(batch), [`batches/${ID}/cases/`]: page(analyses) },
});
const list = (batches: Batch[]) => ({ session, answers: { "batches/": page(batches) } });

async function dropZip(at: Page, files: Record<string, Buffer>) {
  await at.getByTestId("batch-files").setInputFiles({
    name: "cases.zip",
    mimeType: "application/zip",
    buffer: await zipOf(files),
  });
}

const PIXELS = Buffer.from("x");
const MANY = Object.fromEntries(
  Array.from({ length: 40 }, (_, index) => [
    `N-${index + 1}/${index % 3 ? "2d" : "cdfi"}.png`,
    PIXELS,
  ]),
);

/** Batches: the drop, the plan, the list, one of them. */
export const BATCH_SCENES: Record<string, GalleryScene> = {
  "batches-empty": { path: "/batches", ...list([]) },
  "batches-many": {
    path: "/batches",
    ...list([
      aBatch({ waiting: 1, succeeded: 1 }),
      aBatch({ id: "b2", name: LONG, total: 1000 }),
      aBatch({ id: "b3", name: "" }),
    ]),
  },
  "batches-auditor": { path: "/batches", ...list([aBatch()]), session: as(AUDITOR) },
  "batches-failed": { path: "/batches", session, answers: { "batches/": problem(503, "busy") } },
  "batch-planned": {
    path: "/batches",
    ...list([]),
    act: async (at) => {
      await dropZip(at, { ...MANY, "letter.pdf": PIXELS, [`${"x".repeat(70)}_2d.png`]: PIXELS });
      await at.getByTestId("batch-plan").waitFor();
    },
  },
  "batch-broken-zip": {
    path: "/batches",
    ...list([]),
    act: async (at) => {
      await at.getByTestId("batch-files").setInputFiles({
        name: "cases.zip",
        mimeType: "application/zip",
        buffer: PIXELS,
      });
      await at.getByTestId("batch-unreadable").waitFor();
    },
  },
  "batch-finished": { path: `/batches/${ID}`, ...one(aBatch({ name: LONG.slice(0, 64) })) },
  "batch-running": {
    path: `/batches/${ID}`,
    ...one(aBatch({ total: 3, waiting: 2, succeeded: 1, partial: 0 })),
  },
  "batch-empty": {
    path: `/batches/${ID}`,
    ...one(aBatch({ total: 0, succeeded: 0, partial: 0 }), []),
  },
  "batch-missing": {
    path: `/batches/${ID}`,
    session,
    answers: { [`batches/${ID}/`]: problem(404, "not_found") },
  },
  "batch-refused": {
    path: "/batches",
    session,
    answers: {
      "batches/": (route) =>
        (route.request().method() === "POST" ? reply(aBatch(), 201) : page([]))(route),
      [`batches/${ID}/`]: reply(aBatch({ total: 0, succeeded: 0, partial: 0 })),
      [`batches/${ID}/cases/`]: (route) =>
        (route.request().method() === "POST"
          ? problem(422, "invalid", {
              image_2d: [{ code: "not_an_image", detail: "This is no image." }],
            })
          : page([]))(route),
    },
    act: async (at) => {
      await dropZip(at, { "N-1_2d.png": PIXELS, "N-2_2d.png": PIXELS });
      await at.getByRole("button", { name: /Send 2 cases|发送 2 个病例/ }).click();
      await at.getByTestId("batch-refused").waitFor();
    },
  },
};
