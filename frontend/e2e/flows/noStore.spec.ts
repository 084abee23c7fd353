import { expect, test, type Page } from "@playwright/test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { MODALITIES } from "../../src/lib/taxonomy";
import { makeAccount } from "../support/accounts";
import { type Account } from "../support/liveServer";
import {
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  mapInk,
  signIn,
  submit,
} from "../support/steps";

const FOLDER = process.env.E2E_DATA_DIR ?? "";
const CHIEF: Account = { username: "images.chief", password: "a-long-test-password" };

test.skip(() => FOLDER === "", "needs an account on the server, and a look at its files");

async function keepImages(page: Page, on: boolean) {
  await page.goto("/settings");
  const kept = page.getByRole("switch", { name: "Images are kept after the answer" });
  await kept.setChecked(on);
  await page.getByRole("button", { name: "Save the settings" }).click();
  await expect(page.getByText("The settings are saved.")).toBeVisible();
}

function storedImages(): string[] {
  const folder = join(FOLDER, "media/images");
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

test("a site that keeps no images: deleted once answered, shown by the page that sent them", async ({
  page,
  browser,
}) => {
  makeAccount(FOLDER, CHIEF, { siteAdmin: true });
  const chief = await (await browser.newContext({ baseURL: process.env.BASE_URL })).newPage();
  await signIn(chief, CHIEF);
  await keepImages(chief, false);
  try {
    await expect(chief.getByTestId("settings-changes")).toContainText("Images are kept");
    const before = storedImages();
    await page.goto("/");
    await expect(page.getByText("This site keeps no images")).toBeVisible();
    for (const modality of MODALITIES) await fillSlot(page, modality);
    for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
    await submit(page);
    await expectEnd(page, "succeeded");
    await expect.poll(storedImages).toEqual(before);

    await expect(page.getByTestId("images-not-kept")).toContainText("those of this page");
    for (const modality of MODALITIES) {
      const picture = page.getByTestId(`card-${modality}`).locator("img");
      await expect
        .poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth))
        .toBeGreaterThan(0);
    }
    await keepShot(page, "result-own-pictures");
    await expectAccessible(page);

    await page.reload();
    await expect(page.getByTestId("images-not-kept")).toContainText("deleted once answered");
    await expect(page.getByTestId("card-2d").locator("img")).toHaveCount(0);
    expect(await mapInk(page, "2d")).toBeGreaterThan(0);
    await keepShot(page, "result-images-deleted");
    await expectAccessible(page);
  } finally {
    await keepImages(chief, true);
  }
});
