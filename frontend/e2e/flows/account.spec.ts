import { expect, test } from "@playwright/test";

import { USER } from "../support/liveServer";
import { expectEnd, expectSlot, fillSlot, keepShot, submit } from "../support/steps";

test.skip(() => !process.env.E2E_DATA_DIR, "needs an account on the server");

test("sign in takes the work along; token made, used, revoked; sign out", async ({
  page,
  request,
}) => {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("before sign-in");
  await submit(page);
  await expectEnd(page, "succeeded");

  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("User name").fill(USER.username);
  await page.getByLabel("Password").fill("wrong");
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("User name or password is not right.");
  await page.getByLabel("Password").fill(USER.password);
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
  await expectEnd(page, "succeeded");

  await page.getByRole("link", { name: "My analyses" }).click();
  await expect(page.getByRole("link", { name: "before sign-in" }).first()).toBeVisible();

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "API token" }).click();
  await page.getByRole("button", { name: "Make a token" }).click();
  const secret = await page.getByTestId("new-token").locator("pre").first().innerText();
  await keepShot(page, "account-token");
  const bearer = { headers: { Authorization: `Bearer ${secret}` } };
  const listed = await request.get("/api/v1/analyses/", bearer);
  expect(listed.status()).toBe(200);
  expect(JSON.stringify(await listed.json())).toContain("before sign-in");

  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("You have no token.")).toBeVisible();
  expect((await request.get("/api/v1/analyses/", bearer)).status()).toBe(401);

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.getByRole("link", { name: "My analyses" }).click();
  await expect(page.getByText("No analyses yet")).toBeVisible();
});
