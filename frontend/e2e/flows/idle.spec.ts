import { expect, test } from "@playwright/test";

import { makeAccount, startWeb } from "../support/accounts";
import type { Account } from "../support/liveServer";
import { expectAccessible, expectSlot, fillSlot, keepShot, signIn } from "../support/steps";

const FOLDER = process.env.E2E_DATA_DIR ?? "";
const ACCOUNT: Account = { username: "idle-reader", password: "a-long-test-password" };
const NEXT: Account = { username: "next-reader", password: "a-long-test-password" };

test.skip(() => FOLDER === "", "needs the server's data folder");

test("a page that nobody uses warns, signs out, and keeps the work for its owner alone @long", async ({
  browser,
}) => {
  test.setTimeout(400_000); // three times a minute without a hand on the page
  for (const account of [ACCOUNT, NEXT]) makeAccount(FOLDER, account);
  const web = await startWeb(FOLDER, { IDLE_SIGN_OUT_MINUTES: "1" });
  const context = await browser.newContext({ baseURL: web.url });
  const page = await context.newPage();
  const warning = page.getByTestId("idle-warning");
  try {
    await signIn(page, ACCOUNT);
    await fillSlot(page, "2d");
    await expectSlot(page, "2d", "ready");
    await page.getByLabel("Case label").fill("typed before");
    await expect(warning).toBeVisible();
    await keepShot(page, "idle-warning");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await expect(warning).toHaveCount(0);

    await expect(warning).toBeVisible();
    await expect(page.getByTestId("session-ended")).toBeVisible({ timeout: 90_000 });
    await expect(page.getByText("Nobody used this page for a minute")).toBeVisible();
    await expect(page.locator("[data-testid=slot-2d]")).toHaveCount(0);
    await expectAccessible(page);
    await page.getByLabel("Password").fill(ACCOUNT.password);
    await page.locator("form").getByRole("button", { name: "Sign in" }).click();
    await expectSlot(page, "2d", "ready");
    await expect(page.getByLabel("Case label")).toHaveValue("typed before");

    await expect(page.getByTestId("session-ended")).toBeVisible({ timeout: 120_000 });
    await page.getByLabel("User name").fill(NEXT.username);
    await page.getByLabel("Password").fill(NEXT.password);
    await page.locator("form").getByRole("button", { name: "Sign in" }).click();
    await expectSlot(page, "2d", "empty");
    await expect(page.getByLabel("Case label")).toHaveValue("");
  } finally {
    await context.close();
    web.stop();
  }
});
