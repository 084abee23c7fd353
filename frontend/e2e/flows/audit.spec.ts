import { expect, test } from "@playwright/test";

import { makeAccount } from "../support/accounts";
import { type Account } from "../support/liveServer";
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
const READER: Account = { username: "audited.reader", password: "a-long-test-password" };
const AUDITOR: Account = { username: "the.auditor", password: "a-long-test-password" };

test.skip(() => FOLDER === "", "needs accounts on the server");

test("an auditor sees who looked at a result, narrows the log and takes it away; a reader does not", async ({
  page,
  browser,
}) => {
  makeAccount(FOLDER, READER);
  makeAccount(FOLDER, AUDITOR, { role: "auditor" });
  await signIn(page, READER);
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("a label that is in no log");
  await submit(page);
  await expectEnd(page, "succeeded");
  await expect(page.getByRole("link", { name: "Audit" })).toHaveCount(0);
  expect((await page.request.get("/api/v1/audit/")).status()).toBe(403);

  const auditor = await (await browser.newContext({ baseURL: process.env.BASE_URL })).newPage();
  await signIn(auditor, AUDITOR);
  await auditor.getByRole("link", { name: "Audit" }).click();
  await auditor.getByLabel("Search a name").fill("audited.reader");
  const lines = auditor.getByTestId("audit-line");
  await expect(lines.filter({ hasText: "the.auditor" })).toHaveCount(0);
  await expect(lines.filter({ hasText: "Viewed a result" })).toHaveCount(1);
  await expect(lines.filter({ hasText: "Signed in" }).first()).toContainText("127.0.0.1");
  await expectAccessible(auditor);
  await keepShot(auditor, "audit");

  const fetched = await auditor.request.get(
    (await auditor.getByRole("link", { name: "Export as CSV" }).getAttribute("href")) ?? "",
  );
  const text = await fetched.text();
  expect(text).toContain("result_viewed,account,audited.reader");
  expect(text).not.toContain("a label that is in no log");

  await auditor.getByRole("button", { name: "Chinese / 中文" }).click();
  await expect(auditor.getByRole("heading", { name: "审计日志" })).toBeVisible();
});
