import { expect, type Page, type Route } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Preview } from "../../src/api/types";
import { MODALITIES, type Modality } from "../../src/lib/taxonomy";
import { problem, reply } from "../support/fakeApi";

import type { GalleryScene } from "./scenes";

const EXAMPLES = join(import.meta.dirname, "../../public/examples");
const bytesOf = (modality: Modality) => readFileSync(join(EXAMPLES, `${modality}.png`));
const uriOf = (modality: Modality) =>
  `data:image/png;base64,${bytesOf(modality).toString("base64")}`;

const DICOM = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(3_400_000)]);
const dicomFile = { name: "IM000012", mimeType: "application/dicom", buffer: DICOM };
const pngFile = (modality: Modality, name = `IMG_${modality.length}.png`) => ({
  name,
  mimeType: "image/png",
  buffer: bytesOf(modality),
});

function aPreview(change: Partial<Preview> = {}): Preview {
  const still = (frame: number) => ({ frame, picture: uriOf("2d") });
  return {
    format: "dicom",
    width: 560,
    height: 420,
    frame: 20,
    frame_count: 41,
    region: [42, 30, 400, 360],
    suggested_modality: null,
    picture: uriOf("2d"),
    stills: [still(0), still(20), still(40)],
    ...change,
  };
}

const slotInput = (page: Page, modality: Modality) => page.locator(`#slot-${modality}-file`);
const submitButton = (page: Page) => page.locator("button.ant-btn-primary");

async function ready(page: Page, count: number) {
  await expect(page.locator('[data-status="ready"]')).toHaveCount(count);
}

export async function takeExamples(page: Page) {
  await page.getByRole("button", { name: /example images|示例图像/ }).click();
  await ready(page, 3);
}

async function takeCine(page: Page) {
  await slotInput(page, "2d").setInputFiles(dicomFile);
  await slotInput(page, "cdfi").setInputFiles(pngFile("cdfi"));
  await ready(page, 2);
}

async function openRegion(page: Page, place: number) {
  await page
    .getByRole("button", { name: /Choose the region|选择区域/ })
    .nth(place)
    .click();
  await page.getByTestId("crop-box").waitFor();
}

async function submitExamples(page: Page) {
  await takeExamples(page);
  await submitButton(page).click();
}

const never = () => new Promise<void>(() => undefined);
const posting =
  (answer: (route: Route) => Promise<void>) =>
  (route: Route): Promise<void> =>
    route.request().method() === "POST" ? answer(route) : reply({ results: [] })(route);

export const UPLOAD_SCENES: Record<string, GalleryScene> = {
  "new-empty": { path: "/" },
  "new-filled": { path: "/", act: takeExamples },
  "new-sorted": {
    path: "/",
    act: async (page) => {
      const names = ["elastography", "2d", "cdfi"] as const;
      await page.getByTestId("files-input").setInputFiles(names.map((name) => pngFile(name)));
      await ready(page, 3);
    },
  },
  "new-wrong-field": {
    path: "/",
    act: async (page) => {
      await slotInput(page, "2d").setInputFiles(pngFile("cdfi"));
      await slotInput(page, "cdfi").setInputFiles(pngFile("2d"));
      await ready(page, 2);
      await page.locator("#case-label").fill("Smith, Anna");
    },
  },
  "new-one-broken": {
    path: "/",
    act: async (page) => {
      await takeExamples(page);
      const buffer = Buffer.from("\x89PNG\r\n\x1a\nbroken", "latin1");
      await slotInput(page, "cdfi").setInputFiles({ name: "b.png", mimeType: "image/png", buffer });
      await page.locator('[data-status="refused"]').waitFor();
    },
  },
  "new-reading": {
    path: "/",
    answers: { "previews/": never },
    act: async (page) => {
      await page.getByTestId("files-input").setInputFiles([dicomFile, dicomFile]);
      await page.waitForTimeout(300);
    },
  },
  "new-cine": {
    path: "/",
    answers: { "previews/": reply(aPreview()) },
    act: takeCine,
  },
  "new-not-shown": {
    path: "/",
    answers: { "previews/": (route) => route.abort() },
    act: (page) =>
      slotInput(page, "2d")
        .setInputFiles(dicomFile)
        .then(() => ready(page, 1)),
  },
  "new-region": {
    path: "/",
    act: async (page) => {
      await takeExamples(page);
      await openRegion(page, 1);
      const box = await page.getByTestId("crop-box").boundingBox();
      if (!box) throw new Error("no crop box");
      await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.15);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.8, { steps: 4 });
      await page.mouse.up();
    },
  },
  "new-region-cine": {
    path: "/",
    answers: { "previews/": reply(aPreview()) },
    act: async (page) => {
      await takeCine(page);
      await openRegion(page, 0);
    },
  },
  "new-pick": {
    path: "/",
    act: async (page) => {
      const names = [...MODALITIES, ...MODALITIES].map((name, index) =>
        pngFile(name, `left level IV, third visit ${index + 1}.png`),
      );
      await page.getByTestId("files-input").setInputFiles(names);
      await page.getByRole("dialog").waitFor();
    },
  },
  "new-removed": {
    path: "/",
    act: async (page) => {
      await takeExamples(page);
      await page
        .getByRole("button", { name: /^(Remove|移除)$/ })
        .nth(2)
        .click();
    },
  },
  "new-sending": {
    path: "/",
    answers: { "analyses/": posting(never) },
    act: submitExamples,
  },
  "new-busy": {
    path: "/",
    answers: { "analyses/": posting(problem(503, "queue_full")) },
    act: async (page) => {
      await submitExamples(page);
      await page.getByTestId("submit-waiting").waitFor();
    },
  },
  "new-lost": {
    path: "/",
    answers: { "analyses/": posting((route) => route.abort()) },
    act: async (page) => {
      await submitExamples(page);
      await page.getByTestId("submit-waiting").waitFor();
    },
  },
  "new-not-sent": {
    path: "/",
    answers: { "analyses/": posting(problem(500, "internal_error")) },
    act: async (page) => {
      await submitExamples(page);
      await page.getByTestId("submit-problem").waitFor();
    },
  },
  "new-offline": {
    path: "/",
    answers: { "analyses/": (route) => route.abort("internetdisconnected") },
    act: async (page) => {
      await takeExamples(page);
      await page.context().setOffline(true);
      await submitButton(page).click();
      await page.getByTestId("submit-waiting").waitFor();
    },
  },
};
