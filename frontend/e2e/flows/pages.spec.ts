import { expect, test, type Page } from "@playwright/test";

import {
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  submit,
} from "../support/steps";

/** Errors of the page itself, the content policy's included. */
function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(error.message));
  return errors;
}

const PAGES = [
  ["/", "One lymph node, up to three images", "page-new"],
  ["/analyses", "My analyses", "page-analyses"],
  ["/models", "Models", "page-models"],
  ["/about", "About", "page-about"],
  ["/sign-in", "Sign in", "page-sign-in"],
  ["/nowhere", "There is nothing here", "page-not-found"],
] as const;

for (const [path, title, shot] of PAGES) {
  test(`${path} is accessible and breaks no policy`, async ({ page }) => {
    const errors = watchErrors(page);
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await keepShot(page, shot);
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });
}

test("the result and a model card are accessible and break no policy", async ({ page }) => {
  const errors = watchErrors(page);
  await page.goto("/");
  await fillSlot(page, "2d");
  await fillSlot(page, "elastography");
  await expectSlot(page, "2d", "ready");
  await expectSlot(page, "elastography", "ready");
  await submit(page);
  await expectEnd(page, "succeeded");
  await expectAccessible(page);
  await page.getByTestId("card-2d").getByRole("link").click();
  await expect(page.getByText("Use and limits")).toBeVisible();
  await keepShot(page, "page-model-card");
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test("Chinese and light last over a reload, on a tablet", async ({ page }) => {
  await page.setViewportSize({ width: 834, height: 1112 });
  await page.goto("/");
  await page.getByRole("button", { name: "Light theme" }).click();
  await page.getByRole("button", { name: /中文/ }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN"); // the wordings are loaded on demand
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("一个淋巴结，最多三幅图像");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await fillSlot(page, "2d");
  await fillSlot(page, "cdfi");
  await expectSlot(page, "2d", "ready");
  await expectSlot(page, "cdfi", "ready");
  await submit(page, "提交");
  await expectEnd(page, "succeeded");
  await page.getByRole("tab", { name: "CDFI" }).click();
  await expect(page.getByTestId("card-cdfi")).toBeVisible();
  await keepShot(page, "result-zh-light-834");
  await expectAccessible(page);
});
