import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { makeAccount } from "../support/accounts";
import { folderOf } from "../support/files";
import { USER } from "../support/liveServer";
import { runInShell, runPython } from "../support/shell";
import {
  exampleBytes,
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  signIn,
  submit,
} from "../support/steps";

const FOLDER = process.env.E2E_DATA_DIR ?? "";

test.skip(() => FOLDER === "", "needs an account on the server");

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
  await page.getByRole("menuitem", { name: "Account" }).click();
  await expect(page.getByText("Sends images and sees their own analyses.")).toBeVisible();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("What is it for?").fill("export script");
  await expect(page.getByRole("checkbox")).toHaveCount(2); // a clinician's token can't manage models
  await page.getByText("7 days").click();
  await page.getByRole("button", { name: "Make the token" }).click();
  const secret = await page.getByTestId("new-token").locator("pre").first().innerText();
  await keepShot(page, "account-token");
  await expectAccessible(page);
  const bearer = { headers: { Authorization: `Bearer ${secret}` } };
  const listed = await request.get("/api/v1/analyses/", bearer);
  expect(listed.status()).toBe(200);
  expect(JSON.stringify(await listed.json())).toContain("before sign-in");
  const sent = await request.post("/api/v1/analyses/", bearer);
  expect([sent.status(), (await sent.json()).code]).toEqual([403, "scope_missing"]);

  await page.getByRole("button", { name: "I have it" }).click();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.reload();
  await expect(page.getByText(/last used/)).toBeVisible();
  await page.getByRole("button", { name: "Revoke: export script" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("You have no token.")).toBeVisible();
  expect((await request.get("/api/v1/analyses/", bearer)).status()).toBe(401);

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await page.getByRole("link", { name: "My analyses" }).click();
  await expect(page.getByText("No analyses yet")).toBeVisible();
});

test("a password is changed; other browsers are signed out and come back with the new one", async ({
  page,
  browser,
}) => {
  const account = makeAccount(FOLDER, { username: "changer", password: "a-first-test-password" });
  const elsewhere = await (await browser.newContext({ baseURL: process.env.BASE_URL })).newPage();
  await signIn(elsewhere, account);
  await fillSlot(elsewhere, "2d");
  await expectSlot(elsewhere, "2d", "ready");
  await elsewhere.getByLabel("Case label").fill("typed before");

  await signIn(page, account);
  await page.goto("/account");
  await page.getByLabel("Present password").fill("not it");
  await page.getByLabel("New password", { exact: true }).fill("a-second-test-password");
  await page.getByLabel("New password again").fill("a-second-test-password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert")).toContainText("This is not your present password.");
  await page.getByLabel("Present password").fill(account.password);
  await page.getByLabel("New password", { exact: true }).fill("12345");
  await page.getByLabel("New password again").fill("12345");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("It is too short: at least 8 characters.")).toBeVisible();
  await expect(page.getByText("It must not be digits only.")).toBeVisible();
  await page.getByLabel("New password", { exact: true }).fill("a-second-test-password");
  await page.getByLabel("New password again").fill("a-second-test-password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Account" })).toBeVisible(); // still signed in here

  // The other browser notices at its next look at the account, and loses nothing.
  await elsewhere.getByRole("button", { name: "Account" }).click();
  await elsewhere.getByRole("menuitem", { name: "Account" }).click();
  await expect(elsewhere.getByTestId("session-ended")).toBeVisible();
  await expect(elsewhere.getByRole("link", { name: "New analysis" })).toHaveCount(0);
  await keepShot(elsewhere, "session-ended");
  await elsewhere.getByLabel("Password").fill("a-second-test-password");
  await elsewhere.locator("form").getByRole("button", { name: "Sign in" }).click();
  await elsewhere.getByRole("link", { name: "New analysis" }).click();
  await expectSlot(elsewhere, "2d", "ready");
  await expect(elsewhere.getByLabel("Case label")).toHaveValue("typed before");
  await elsewhere.context().close();
});

test("the examples for programs run as they are copied, with a token made in place", async ({
  page,
}) => {
  const account = makeAccount(FOLDER, { username: "programmer", password: "a-long-test-password" });
  await signIn(page, account);
  await page.goto("/programs");
  await page.getByRole("button", { name: "Make one for these examples" }).click();
  await expect(page.getByRole("status").filter({ hasText: "ready to copy" })).toBeVisible();
  await expectAccessible(page);
  await keepShot(page, "programs");
  const folder = folderOf([
    { path: "node-2d.png", bytes: exampleBytes("2d") },
    { path: "node-cdfi.png", bytes: exampleBytes("cdfi") },
    { path: "node-elasto.png", bytes: exampleBytes("elastography") },
    { path: "images/P-1.png", bytes: exampleBytes("2d") },
    { path: "images/P-2.png", bytes: Buffer.from("no image") },
  ]);
  const example = (name: RegExp) => page.locator("pre").filter({ hasText: name }).innerText();

  const sent = runInShell((await example(/image_cdfi/)).replace(/\n#[^]*/, ""), folder);
  expect((JSON.parse(sent) as { state: string }).state).toBe("queued");
  await page.getByRole("tab", { name: "Python" }).click();
  expect(runPython(await example(/while analysis/), folder)).toContain("2d {'benign': ");
  expect(runPython(await example(/batches/), folder)).toContain("P-2.png refused: ");
  const table = readFileSync(join(folder, "answers.csv"), "utf-8");
  expect(table.trim().split("\n")).toHaveLength(2);
  expect(table).toContain("P-1,");
});
