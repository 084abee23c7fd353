import { expect, test, type Page } from "@playwright/test";

import type { Analysis } from "../../src/api/types";
import { MODALITIES, type Modality } from "../../src/lib/taxonomy";
import { dropFromOutside, folderOf, pasteImage, scannerCine } from "../support/files";
import { animatedPng } from "../support/png";
import {
  exampleBytes,
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  submit,
} from "../support/steps";

const kilobytes = (modality: Modality) =>
  `${Math.round(exampleBytes(modality).length / 1024)}\u00a0kB`;

/** Each slot holds the example image named for it. */
async function expectImages(page: Page, images: Partial<Record<Modality, Modality>>) {
  for (const [slot, image] of Object.entries(images)) {
    await expect(page.getByTestId(`slot-${slot}`).locator("footer")).toContainText(
      kilobytes(image),
    );
  }
}

async function stored(page: Page): Promise<Analysis> {
  const id = page.url().split("/").at(-1) ?? "";
  const answer = await page.request.get(`/api/v1/analyses/${id}/`);
  return (await answer.json()) as Analysis;
}

const asFiles = (modalities: readonly Modality[]) =>
  modalities.map((modality) => ({
    name: `IMG_${modality.length}.png`,
    mimeType: "image/png",
    buffer: exampleBytes(modality),
  }));

test("three files at once are sorted, looked at, swapped with a click, and sent", async ({
  page,
}) => {
  await page.goto("/");
  const files = asFiles(["elastography", "2d", "cdfi"]);
  await page.getByTestId("files-input").setInputFiles(files);
  for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
  await expectImages(page, { "2d": "2d", cdfi: "cdfi", elastography: "elastography" });
  await expect(page.getByTestId("slot-cdfi")).toContainText("by its colours");
  await expect(page.getByRole("button", { name: "Fields are right: submit" })).toBeVisible();
  await keepShot(page, "new-analysis-sorted");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Yes, all right" }).click();
  await expect(page.getByRole("button", { name: "Submit", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Swap 2D and CDFI" }).click();
  await expectImages(page, { "2d": "cdfi", cdfi: "2d", elastography: "elastography" });
  await page.getByTestId("slot-2d").getByRole("button", { name: "Looks like CDFI" }).press("Enter");
  await expectImages(page, { "2d": "2d", cdfi: "cdfi" });
  await submit(page);
  await expectEnd(page, "succeeded");
});

test("an image is dragged to another field; what was taken out comes back", async ({ page }) => {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page
    .getByTestId("slot-2d")
    .locator("img")
    .dragTo(page.getByTestId("slot-elastography").locator("label"));
  await expectSlot(page, "elastography", "ready");
  await expectSlot(page, "2d", "empty");

  await page.getByTestId("slot-elastography").getByRole("button", { name: "Remove" }).click();
  await expectSlot(page, "elastography", "empty");
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expectSlot(page, "elastography", "ready");

  await page
    .getByTestId("slot-elastography")
    .getByRole("button", { name: "Move to another field" })
    .press("Enter");
  await page.getByRole("menuitem", { name: "Move to CDFI" }).click();
  await expectImages(page, { cdfi: "2d" });
});

test("images are pasted, one after the other", async ({ page }) => {
  await page.goto("/");
  await pasteImage(page, "cdfi");
  await expectSlot(page, "cdfi", "ready");
  await pasteImage(page, "elastography");
  await expectSlot(page, "elastography", "ready");
  await expectImages(page, { cdfi: "cdfi", elastography: "elastography" });
});

test("a whole folder is dropped: what fits best is ticked, what is no image passed over", async ({
  page,
}) => {
  const folder = folderOf([
    { path: "visit/1.png", bytes: exampleBytes("2d") },
    { path: "visit/2.png", bytes: exampleBytes("cdfi") },
    { path: "visit/more/3.png", bytes: exampleBytes("2d") },
    { path: "visit/more/4.png", bytes: exampleBytes("elastography") },
    { path: "visit/report.txt", bytes: Buffer.from("nothing to see") },
    { path: "visit/.DS_Store", bytes: Buffer.from("hidden") },
  ]);
  await page.goto("/");
  await dropFromOutside(page, "main", [`${folder}/visit`]);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("4 images: pick up to three");
  await expect(dialog.getByRole("checkbox", { checked: true })).toHaveCount(3);
  await expect(dialog.getByRole("checkbox", { name: /3\.png/ })).toBeDisabled();
  await keepShot(page, "new-analysis-folder");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Use these 3 images" }).click();
  for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
  await expectImages(page, { "2d": "2d", cdfi: "cdfi", elastography: "elastography" });
  await expect(page.getByText("1 file that is no image was passed over.")).toBeVisible();
});

test("a cine: its frame is chosen, the scanner's region is the start, both reach the answer", async ({
  page,
}) => {
  await page.goto("/");
  await page
    .getByTestId("files-input")
    .setInputFiles([{ name: "IM0001", mimeType: "", buffer: scannerCine() }]);
  const slot = page.getByTestId("slot-cdfi"); // the header says colour flow
  await expectSlot(page, "cdfi", "ready");
  await expect(slot).toContainText("as the DICOM header says");
  await expect(slot).toContainText("4 / 7");
  await expect(slot.getByTestId("region")).toBeVisible();
  const brightness = () =>
    slot.locator("img").evaluate((image: HTMLImageElement) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 1;
      const context = canvas.getContext("2d");
      context?.drawImage(image, 80, 60, 1, 1, 0, 0, 1, 1);
      return context?.getImageData(0, 0, 1, 1).data[0] ?? -1;
    });
  await expect.poll(brightness).toBe(90);
  const scrubber = slot.getByRole("slider", { name: "Frame" });
  await scrubber.focus();
  await scrubber.press("ArrowRight");
  await scrubber.press("ArrowRight");
  await expect(slot).toContainText("6 / 7");
  await expect.poll(brightness).toBe(150);
  await keepShot(page, "new-analysis-cine");
  await submit(page, "Fields are right: submit");
  await expectEnd(page, "succeeded");
  const card = page.getByTestId("card-cdfi");
  await expect(card).toContainText("frame 6 of 7 · region used: 120 × 100");
  await expect(card.getByTestId("region")).toBeVisible();
  const [prediction] = (await stored(page)).predictions;
  expect(prediction).toMatchObject({
    frame: 5,
    frame_count: 7,
    region: [20, 10, 120, 100],
    scanner_region: [20, 10, 120, 100],
  });
});

test("a region is drawn with the mouse, moved by keys, set in numbers; the image stays whole", async ({
  page,
}) => {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  const open = page.getByTestId("slot-2d").getByRole("button", { name: "Choose the region" });
  await open.press("Enter");
  const box = page.getByTestId("crop-box");
  await box.hover(); // the dialog has come to rest
  const area = await box.boundingBox();
  if (!area) throw new Error("no crop box");
  const at = (x: number, y: number) => [area.x + area.width * x, area.y + area.height * y] as const;
  await page.mouse.move(...at(0.25, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.5));
  await page.mouse.move(...at(0.75, 0.75));
  await page.mouse.up();
  const dialog = page.getByRole("dialog");
  const field = (name: string) => dialog.getByRole("spinbutton", { name });
  const beside = async (name: string, wanted: number) =>
    Math.abs(Number(await field(name).inputValue()) - wanted);
  await expect.poll(() => beside("Width", 280)).toBeLessThanOrEqual(2); // half of 560, as a mouse hits it
  await expect.poll(() => beside("Height", 210)).toBeLessThanOrEqual(2);
  const exact = { "From the left": "140", "From the top": "105", Width: "280", Height: "210" };
  for (const [name, value] of Object.entries(exact)) {
    await field(name).fill(value);
    await field(name).press("Enter");
  }
  await box.focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Alt+ArrowLeft");
  await expect(field("From the left")).toHaveValue("150");
  await expect(field("From the top")).toHaveValue("104");
  await expect(field("Width")).toHaveValue("279");

  // A corner taken by the mouse; beyond the image it stops at the edge.
  const corner = await box.locator('[data-handle="se"]').boundingBox();
  if (!corner) throw new Error("no handle");
  await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2);
  await page.mouse.down();
  await page.mouse.move(...at(1.2, 1.2), { steps: 3 });
  await page.mouse.up();
  await expect(field("Width")).toHaveValue("410");
  await field("Width").fill("300");
  await field("Width").press("Enter");
  await field("Height").fill("200");
  await field("Height").press("Enter");
  await expect(dialog).toContainText("The model sees 300 × 200 of 560 × 420 pixels.");
  await keepShot(page, "new-analysis-region");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Use this region" }).click();
  await expect(page.getByTestId("slot-2d").locator("footer")).toContainText("300 × 200 (region)");
  await submit(page);
  await expectEnd(page, "succeeded");
  await expect(page.getByTestId("card-2d").getByTestId("region")).toBeVisible();
  await keepShot(page, "result-region");
  const [prediction] = (await stored(page)).predictions;
  expect(prediction).toMatchObject({ region: [150, 104, 300, 200], width: 560, height: 420 });
});

test("the whole image again is one click", async ({ page }) => {
  await page.goto("/");
  await page
    .locator("#slot-2d-file")
    .setInputFiles([{ name: "IM0001", mimeType: "", buffer: scannerCine() }]);
  await expectSlot(page, "2d", "ready");
  const slot = page.getByTestId("slot-2d");
  await expect(slot.getByRole("button", { name: "Looks like CDFI" })).toBeVisible();
  await slot.getByRole("button", { name: "Choose the region" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Whole image" }).click();
  await expect(dialog).toContainText("The model sees 160 × 120 of 160 × 120 pixels.");
  await dialog.getByRole("button", { name: "As the scanner marked it" }).click();
  await expect(dialog).toContainText("The model sees 120 × 100 of 160 × 120 pixels.");
  await dialog.getByRole("button", { name: "Whole image" }).click();
  await dialog.getByRole("button", { name: "Use this region" }).click();
  await expect(slot.getByTestId("region")).toHaveCount(0);
});

test("what only the server can see is said in the slot: at once, or when it is sent", async ({
  page,
}) => {
  const broken = Buffer.concat([Buffer.from("II*\0\x08\0\0\0", "latin1"), Buffer.alloc(40, 7)]);
  await page.goto("/");
  await fillSlot(page, "2d");
  await fillSlot(page, "elastography", broken); // no browser shows TIFF: the server looks at it
  await expectSlot(page, "elastography", "refused");
  await fillSlot(page, "cdfi", animatedPng(64, 48)); // a browser shows it: the server has the last word
  for (const modality of ["2d", "cdfi"] as const) await expectSlot(page, modality, "ready");
  await page.getByRole("button", { name: "Submit the other two" }).click();
  await expectSlot(page, "cdfi", "refused");
  await expect(page.getByTestId("slot-cdfi").getByRole("alert")).toContainText(
    "This file holds an animation",
  );
  await keepShot(page, "new-analysis-refused-by-server");
  await submit(page, "Submit the other one");
  await expectEnd(page, "succeeded");
});

test("each file's progress is shown while a slow line carries it", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  await page.goto("/");
  for (const modality of ["2d", "cdfi"] as const) {
    await fillSlot(page, modality);
    await expectSlot(page, modality, "ready");
  }
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 60_000,
  });
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  const progress = (modality: Modality) =>
    page.getByTestId(`slot-${modality}`).getByRole("progressbar");
  const value = (modality: Modality) =>
    progress(modality).evaluate((bar: HTMLProgressElement) => bar.value);
  // The files leave one after the other: whenever one looks, the second waits for the first.
  const both = async () => [await value("2d"), await value("cdfi")] as const;
  await expect
    .poll(
      async () => {
        const [first, second] = await both();
        if (second > 0) expect(await value("2d")).toBe(100);
        return first > 0 && second > 0;
      },
      { intervals: [50] },
    )
    .toBe(true);
  await keepShot(page, "new-analysis-sending");
  await page.waitForURL(/\/analyses\//);
  await expectEnd(page, "succeeded");
});
