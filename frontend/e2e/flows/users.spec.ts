import { expect, test, type Page } from "@playwright/test";

import { makeAccount } from "../support/accounts";
import { USER, type Account } from "../support/liveServer";
import {
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  signIn,
  submit,
} from "../support/steps";

const FOLDER = process.env.E2E_DATA_DIR ?? "";
const CHIEF: Account = { username: "chief", password: "a-long-test-password" };
const NEW: Account = { username: "new.resident", password: "words-of-the-resident" };

test.skip(() => FOLDER === "", "needs accounts on the server");

async function act(page: Page, name: string, action: string) {
  await page.getByRole("button", { name: `Change: ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

test("a site admin invites, changes a role and deactivates; the other end of each", async ({
  page,
  browser,
}) => {
  makeAccount(FOLDER, CHIEF, { siteAdmin: true });
  const other = await (await browser.newContext({ baseURL: process.env.BASE_URL })).newPage();
  await signIn(page, CHIEF);
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page.getByRole("row", { name: /^chief/ })).toContainText("Site admin");
  await page.getByRole("button", { name: "New user" }).click();
  await page.getByLabel("User name").fill(USER.username.toUpperCase());
  await page.getByRole("button", { name: "Make the account" }).click();
  await expect(page.getByText("There is an account of this name already.")).toBeVisible();
  await page.getByLabel("User name").fill(NEW.username);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make the account" }).click();
  const link = await page.getByTestId("user-link").locator("pre").innerText();
  await keepShot(page, "user-link");
  await page.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(page.getByRole("row", { name: NEW.username })).toContainText("link not used yet");
  await expectAccessible(page);
  await keepShot(page, "users");

  await other.goto(link);
  await other.getByLabel("New password", { exact: true }).fill("12345");
  await other.getByLabel("New password again").fill("12345");
  await other.getByRole("button", { name: "Save the password" }).click();
  await expect(other.getByText("It is too short: at least 8 characters.")).toBeVisible();
  await expectAccessible(other);
  await other.getByLabel("New password", { exact: true }).fill(NEW.password);
  await other.getByLabel("New password again").fill(NEW.password);
  await other.getByRole("button", { name: "Save the password" }).click();
  await expect(other.getByLabel("User name")).toHaveValue(NEW.username);
  await other.getByLabel("Password").fill(NEW.password);
  await other.locator("form").getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("button", { name: "Account" })).toBeVisible();
  await fillSlot(other, "2d");
  await expectSlot(other, "2d", "ready");
  await other.getByLabel("Case label").fill("of the resident");
  await submit(other);
  await expectEnd(other, "succeeded");
  await other.goto("/users");
  await expect(other.getByText("Not for your role")).toBeVisible();
  expect((await other.request.get("/api/v1/users/")).status()).toBe(403);

  const second = await (await browser.newContext({ baseURL: process.env.BASE_URL })).newPage();
  await second.goto(link);
  await second.getByLabel("New password", { exact: true }).fill(NEW.password);
  await second.getByLabel("New password again").fill(NEW.password);
  await second.getByRole("button", { name: "Save the password" }).click();
  await expect(second.getByText("This link does not work any more")).toBeVisible();
  await expectAccessible(second);

  await page.getByLabel("Search a name").fill("reader");
  await expect(page.getByRole("row", { name: NEW.username })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /^reader / })).toBeVisible();
  await page.getByLabel("Search a name").fill("");
  await act(page, NEW.username, "Change role");
  await page.getByRole("radio", { name: /Auditor/ }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: NEW.username })).toContainText("Auditor");

  await other.goto("/");
  await expect(other.getByText("reads only")).toBeVisible();
  await expect(other.getByRole("link", { name: "New analysis" })).toHaveCount(0);
  await expect(other).toHaveURL(/\/analyses$/);

  await act(page, NEW.username, "Deactivate");
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await expect(page.getByRole("row", { name: NEW.username })).toContainText("deactivated");
  await other.getByRole("link", { name: "Models" }).click();
  await other.reload();
  await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible();
});
