import { expect, test } from "@playwright/test";

import { CLASS_NAMES, MODALITIES } from "../../src/lib/taxonomy";
import { withdrawModel } from "../support/liveServer";
import { expectEnd, expectSlot, fillSlot, keepShot, mapInk, submit } from "../support/steps";

test("three images give three answers with maps, by a link that lasts @demo", async ({ page }) => {
  await page.goto("/");
  await keepShot(page, "new-analysis-empty");
  for (const modality of MODALITIES) await fillSlot(page, modality);
  for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
  await page.getByLabel("Case label").fill("N-17");
  await keepShot(page, "new-analysis-filled");
  await submit(page);
  await expectEnd(page, "succeeded");
  await expect(page.getByTestId("case-headline")).toContainText(/\d+\s%/);
  await expect(page.getByTestId("case-answer")).toContainText(
    "Research use only: not for diagnosis",
  );
  for (const modality of MODALITIES) {
    const card = page.getByTestId(`card-${modality}`);
    await expect(card.getByRole("button", { name: "SYNTHETIC" })).toBeVisible();
    expect(await mapInk(page, modality), `map of ${modality}`).toBeGreaterThan(0);
  }
  await keepShot(page, "result-three");
  await page.reload();
  await expectEnd(page, "succeeded");
  for (const modality of MODALITIES) expect(await mapInk(page, modality)).toBeGreaterThan(0);
});

test("class switch, slider and modes change what is drawn @demo", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Use example images" }).click();
  for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
  await submit(page);
  await expectEnd(page, "succeeded");

  for (const name of CLASS_NAMES) {
    await page.getByRole("radiogroup", { name: "Map of" }).getByText(name).click();
    const card = page.getByTestId("card-2d");
    await expect(card).toContainText(new RegExp(`Map of ${name}|Nothing here speaks for ${name}`));
  }
  await page.keyboard.press("a");
  const canvas = page.getByTestId("card-2d").getByTestId("heatmap");
  const before = await canvas.evaluate((element) => getComputedStyle(element).opacity);
  const slider = page.getByRole("slider", { name: "Opacity" });
  await slider.focus();
  for (let press = 0; press < 4; press += 1) await slider.press("ArrowLeft");
  await expect(canvas).not.toHaveCSS("opacity", before);

  const blend = await mapInk(page, "2d");
  await page.keyboard.press("m");
  await expect.poll(() => mapInk(page, "2d")).toBeGreaterThan(blend);
  await page.keyboard.press("i");
  await expect(canvas).toHaveCount(0);
  await page.keyboard.press("b");
  await page.keyboard.press("+");
  const moved = page.getByTestId("card-cdfi").locator("[style*='scale(1.25)']");
  await expect(moved, "zoom moves all images together").toBeVisible();
});

test("one broken image among three: its slot says why, one click submits the other two", async ({
  page,
}) => {
  await page.goto("/");
  await fillSlot(page, "2d");
  await fillSlot(page, "elastography");
  await fillSlot(page, "cdfi", Buffer.from("\x89PNG\r\n\x1a\nbroken", "latin1"));
  await expectSlot(page, "cdfi", "refused");
  await expect(page.getByTestId("slot-cdfi")).toContainText("The file is damaged.");
  await expect(page.getByTestId("slot-cdfi")).toContainText("export it again");
  await keepShot(page, "new-analysis-one-broken");
  await submit(page, "Submit the other two");
  await expectEnd(page, "succeeded");
  await expect(page.getByRole("article")).toHaveCount(2);
});

test("a lost connection is repeated with the same key and makes one analysis", async ({ page }) => {
  const keys: (string | undefined)[] = [];
  await page.route("**/api/v1/analyses/", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"]);
    return keys.length === 1 ? route.abort("connectionreset") : route.continue();
  });
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("sent twice");
  await submit(page);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  await page.getByRole("link", { name: "My analyses" }).click();
  await expect(page.getByRole("link", { name: "sent twice" })).toHaveCount(1);
});

test("a modality without an active model ends partial, with the reason in its place", async ({
  page,
}) => {
  const folder = process.env.E2E_DATA_DIR ?? "";
  test.skip(folder === "", "needs the server's data folder");
  const giveBack = withdrawModel(folder, "elastography");
  try {
    await page.goto("/");
    for (const modality of MODALITIES) await fillSlot(page, modality);
    for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
    await submit(page);
    await expectEnd(page, "partial");
    const failure = page.getByTestId("card-elastography").getByTestId("failure");
    await expect(failure).toHaveAttribute("data-code", "model_unavailable");
    await expect(failure).toContainText("No model for Elastography is active.");
    expect(await mapInk(page, "2d")).toBeGreaterThan(0);
    await keepShot(page, "result-partial");
  } finally {
    giveBack();
  }
});

test("an analysis is listed, opened and deleted", async ({ page }) => {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("to be deleted");
  await submit(page);
  await expectEnd(page, "succeeded");
  await keepShot(page, "result-one");
  const link = page.url();
  await page.getByRole("link", { name: "My analyses" }).click();
  await page.getByRole("link", { name: "to be deleted" }).click();
  await page.waitForURL(link);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/analyses$/);
  await expect(page.getByRole("link", { name: "to be deleted" })).toHaveCount(0);
  await page.goto(link);
  await expect(page.getByText("There is nothing here")).toBeVisible();
});

test("the case on paper: a PDF in the page's language, and a page that prints", async ({
  page,
}) => {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("on paper");
  await submit(page);
  await expectEnd(page, "succeeded");
  for (const [lang, name] of [
    ["en", "Report"],
    ["zh-hans", "报告"],
  ] as const) {
    if (lang === "zh-hans") await page.getByRole("button", { name: /中文/ }).click();
    const address = await page.getByRole("link", { name }).getAttribute("href");
    expect(address).toContain(`report.pdf?lang=${lang}`);
    const answer = await page.request.get(address ?? "");
    expect(answer.headers()["content-type"]).toBe("application/pdf");
    expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");
  }
  await page.emulateMedia({ media: "print" });
  await expect(page.getByTestId("case-answer")).toContainText("仅供科研使用，不得用于诊断");
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("link", { name: "报告" })).toBeHidden();
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(255, 255, 255)");
  await expect(page.getByTestId("case-headline")).toHaveCSS("color", "rgb(23, 32, 44)");
  await keepShot(page, "result-print");
});
