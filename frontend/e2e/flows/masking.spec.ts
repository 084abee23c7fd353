import { expect, test, type Page } from "@playwright/test";

import { LiveServer } from "../support/liveServer";
import {
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  submit,
} from "../support/steps";
import { holdWorkers } from "../support/worker";

let server: LiveServer;

test.beforeAll(async () => {
  test.setTimeout(360_000);
  server = new LiveServer({ MASK_TEXT: "true", TEXT_CHECK: "true" });
  await server.start();
});
test.afterAll(() => server.stop());

/** A grey picture with a name in the corner, as scanners write it. */
async function writtenPng(page: Page): Promise<Buffer<ArrayBuffer>> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 360 });
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    const shade = context.createLinearGradient(0, 0, 480, 360);
    shade.addColorStop(0, "#101010");
    shade.addColorStop(1, "#585858");
    context.fillStyle = shade;
    context.fillRect(0, 0, 480, 360);
    context.fillStyle = "#ffffff";
    context.font = "24px sans-serif";
    context.fillText("DOE JANE 1970-JD", 24, 40);
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(url.split(",")[1] ?? "", "base64");
}

test("text is covered before anyone sees the image; meanwhile the page shows its own", async ({
  browser,
}) => {
  const page = await (await browser.newContext({ baseURL: server.baseUrl })).newPage();
  await page.goto("/");
  await fillSlot(page, "2d", await writtenPng(page));
  await expectSlot(page, "2d", "ready");
  const letGo = holdWorkers(server.folder);
  const picture = page.getByTestId("card-2d").locator("img");
  const width = () => picture.evaluate((one: HTMLImageElement) => one.naturalWidth);
  try {
    await submit(page);
    await expect(picture).toHaveAttribute("src", /^blob:/);
    await expect.poll(width).toBe(480);
    await keepShot(page, "masking-own-picture");

    await page.reload();
    await expect(page.getByText("Text in this image is being covered")).toBeVisible();
    await expect(picture).toHaveCount(0);
    await keepShot(page, "masking-waits");
    await expectAccessible(page);
  } finally {
    letGo();
  }
  await expectEnd(page, "succeeded");
  await expect(page.getByTestId("covered-text")).toContainText("before anyone could see");
  await expect(picture).toHaveAttribute("src", /image\.png$/);
  await expect.poll(width).toBe(480);
  await page.getByTestId("covered-text").getByRole("button", { name: "why?" }).click();
  await expect(page.getByText("keeps no other copy")).toBeVisible();
  await keepShot(page, "masking-covered");
  await expectAccessible(page);
});
