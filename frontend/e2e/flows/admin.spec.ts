import { expect, test } from "@playwright/test";

import { makeAccount } from "../support/accounts";
import { type Account } from "../support/liveServer";
import { keepShot } from "../support/steps";

const FOLDER = process.env.E2E_DATA_DIR ?? "";
const KEEPER: Account = { username: "keeper", password: "a-long-test-password" };
const LISTS = [
  "Model versions",
  "Checks",
  "History",
  "Comparisons",
  "Cases",
  "Analyses",
  "Predictions",
  "Workers",
  "Accounts",
  "API tokens",
];

test.skip(() => FOLDER === "", "needs accounts on the server");

test("Django's admin works under the site's policy: lists, filters, actions, light and dark", async ({
  page,
}) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  makeAccount(FOLDER, KEEPER, { siteAdmin: true });

  await page.goto("/admin/");
  await page.getByLabel("Username").fill(KEEPER.username);
  await page.getByLabel("Password").fill(KEEPER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  // A link's name begins with its icon's: the theme draws icons by ligatures.
  const link = (name: string) =>
    page.locator("#nav-sidebar a").filter({ has: page.getByText(name, { exact: true }) });
  for (const name of LISTS) {
    await link(name).click();
    await expect(page.locator("#changelist")).toBeVisible();
  }

  await link("Model versions").click();
  await page.getByText("Filters").first().click();
  await expect(page.getByText("By architecture")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.locator("#result_list .action-select").first().check();
  await page.locator("select[name=action]").selectOption({ label: "Make active" });
  await page.getByRole("button", { name: "Run" }).click();
  await expect(page.getByText(/reason/i).first()).toBeVisible();
  await keepShot(page, "admin-light");

  await page.emulateMedia({ colorScheme: "dark" });
  await page.reload();
  await expect(page.locator("html")).toHaveClass(/dark/);
  await keepShot(page, "admin-dark");
  expect(complaints).toEqual([]);
});
