import { expect, test, type Page } from "@playwright/test";

import { makeAccount, startWeb, totp } from "../support/accounts";
import type { Account } from "../support/liveServer";
import { expectAccessible, keepShot } from "../support/steps";

const FOLDER = process.env.E2E_DATA_DIR ?? "";
const ACCOUNT: Account = { username: "careful-admin", password: "a-long-test-password" };

test.skip(() => FOLDER === "", "needs the server's data folder");

async function fillPassword(page: Page) {
  await page.goto("/sign-in");
  await page.getByLabel("User name").fill(ACCOUNT.username);
  await page.getByLabel("Password").fill(ACCOUNT.password);
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
}

async function fillCode(page: Page, code: string) {
  await page.getByLabel("Code").fill(code);
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
}

async function signOut(page: Page) {
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
}

test("an administrator is led to the second factor, uses it, loses the phone, turns it off", async ({
  browser,
}) => {
  makeAccount(FOLDER, ACCOUNT, { role: "model_admin" });
  const web = await startWeb(FOLDER, { REQUIRE_SECOND_FACTOR: "true" });
  const context = await browser.newContext({ baseURL: web.url });
  const page = await context.newPage();
  try {
    await fillPassword(page);
    await page.getByTestId("second-factor-notice").getByRole("link").click();
    await expect(page.getByText("Your role asks for one on this site")).toBeVisible();
    expect(
      (
        await page.request.get("/api/v1/models/00000000-0000-0000-0000-000000000000/events/")
      ).status(),
    ).toBe(403);

    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByRole("img", { name: "QR code" }).locator("path").first()).toBeVisible();
    const secret = (await page.locator("#second-factor pre").innerText()).replaceAll(" ", "");
    await expectAccessible(page);
    await keepShot(page, "second-factor-setup");
    await page.getByLabel("Then enter the six digits").fill("000000");
    await page.getByRole("button", { name: "Turn on" }).click();
    await expect(page.getByRole("alert")).toContainText("This code is not right");
    await page.waitForTimeout(1500); // the server takes no code in the second after a wrong one
    await page.getByLabel("Then enter the six digits").fill(totp(secret));
    await page.getByRole("button", { name: "Turn on" }).click();
    const shown = page.getByTestId("recovery-codes").locator("li");
    await expect(shown).toHaveCount(10); // reading the texts alone doesn't wait for them
    const codes = await shown.allInnerTexts();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as a file" }).click();
    expect((await download).suggestedFilename()).toBe("cv4lymphnode-recovery-codes.txt");
    await expectAccessible(page);
    await page.getByRole("button", { name: "I have kept them" }).click();
    await expect(page.getByText("10 recovery codes are left.")).toBeVisible();
    await expect(page.getByTestId("recovery-codes")).toHaveCount(0);
    expect((await page.request.get("/api/v1/models/history/?action=uploaded")).status()).toBe(200);

    await signOut(page);
    await fillPassword(page);
    await expect(page.getByLabel("Code")).toBeFocused();
    await keepShot(page, "sign-in-code");
    await expectAccessible(page);
    await fillCode(page, "000000");
    await expect(page.getByRole("alert")).toContainText("This code is not right");
    await page.waitForTimeout(1500);
    await fillCode(page, totp(secret, 1)); // one code proves once: the next one
    await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
    await expect(page.getByTestId("second-factor-notice")).toHaveCount(0);

    await signOut(page);
    await fillPassword(page);
    await fillCode(page, codes[0] ?? "");
    await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
    await page.goto("/account");
    await expect(page.getByText("9 recovery codes are left.")).toBeVisible();
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.locator("#second-factor").getByLabel("Password").fill(ACCOUNT.password);
    await page.getByLabel("Code, or a recovery code").fill(codes[1] ?? "");
    await page.getByRole("button", { name: "Turn off" }).click();
    await expect(page.getByRole("button", { name: "Set up" })).toBeVisible();
    await page.goto("/");
    await expect(page.getByTestId("second-factor-notice")).toBeVisible();
  } finally {
    await context.close();
    web.stop();
  }
});
