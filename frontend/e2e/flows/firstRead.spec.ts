import { expect, test, type Page } from "@playwright/test";

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
const CHIEF: Account = { username: "site.chief", password: "a-long-test-password" };
const READER: Account = { username: "first.reader", password: "a-long-test-password" };

test.skip(() => FOLDER === "", "needs accounts on the server");

async function chooseFirstRead(page: Page, mode: RegExp) {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("radio", { name: mode }).check();
  await page.getByRole("button", { name: "Save the settings" }).click();
  await expect(page.getByText("The settings are saved.")).toBeVisible();
}

test("the site asks for a first read; the answer waits on the server; then override and pathology", async ({
  page,
  browser,
}) => {
  makeAccount(FOLDER, CHIEF, { siteAdmin: true });
  makeAccount(FOLDER, READER);
  const chief = await (await browser.newContext({ baseURL: process.env.BASE_URL })).newPage();
  await signIn(chief, CHIEF);
  await chooseFirstRead(chief, /For everybody/);
  await expect(chief.getByTestId("settings-changes")).toContainText("site.chief");
  await expectAccessible(chief);
  await keepShot(chief, "settings");

  await signIn(page, READER);
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("read me first");
  await submit(page);
  await chooseFirstRead(chief, /^Off/); // what was sent under the old setting stays withheld
  await expectEnd(page, "succeeded");
  await expect(page.getByTestId("first-read")).toBeVisible();
  await expect(page.getByTestId("case-answer")).toHaveCount(0);
  await expectAccessible(page);
  await keepShot(page, "first-read");

  const id = page.url().split("/").pop() ?? "";
  const held = (await (await page.request.get(`/api/v1/analyses/${id}/`)).json()) as {
    withheld: boolean;
    case_answer: unknown;
    predictions: { id: string; probabilities: unknown }[];
  };
  expect([held.withheld, held.case_answer, held.predictions[0]?.probabilities]).toEqual([
    true,
    null,
    null,
  ]);
  for (const name of ["benign", "lymphoma", "metastatic"]) {
    const map = await page.request.get(
      `/api/v1/predictions/${held.predictions[0]?.id}/cam/${name}.png`,
    );
    expect([map.status(), ((await map.json()) as { code: string }).code]).toEqual([
      403,
      "read_first",
    ]);
  }

  const save = page.getByRole("button", { name: "Save and show the answer" });
  await expect(save).toBeDisabled();
  // By keyboard: arrows choose within a group, Tab goes on.
  await page.getByRole("radio", { name: "benign" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("radio", { name: "fairly sure" }).focus();
  await page.keyboard.press("Space");
  await save.press("Enter");
  await expect(page.getByTestId("case-headline")).toBeVisible();
  await expect(page.getByTestId("own-read")).toContainText("benign");

  await page.getByRole("button", { name: "Override…" }).click();
  await page.getByRole("dialog").locator("label:has(input[type=radio])").first().click();
  await page.getByLabel("Reason (no names)").fill("hilum is preserved");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Override", exact: true }).click();
  await expect(page.getByTestId("verdict")).toContainText("hilum is preserved");

  await page.getByRole("button", { name: "Enter…" }).click();
  await page.getByRole("dialog").locator("label", { hasText: "lymphoma" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByTestId("pathology")).toContainText("lymphoma");
  await page.getByRole("button", { name: "Correct…" }).click();
  await page.getByRole("dialog").locator("label", { hasText: "benign" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByTestId("pathology")).toContainText("benign");
  await page.getByRole("button", { name: "Correct…" }).click();
  await expect(page.getByTestId("pathology-history").getByRole("listitem")).toHaveCount(2);
  await expectAccessible(page);
  await keepShot(page, "pathology");

  await chief.getByRole("link", { name: "Monitoring" }).click();
  await expect(chief.getByTestId("confusion").getByRole("row", { name: /^benign/ })).toContainText(
    "/1 ·",
  );
  await expect(chief.getByText("1 with known truth")).toBeVisible();
  await expectAccessible(chief);
  await keepShot(chief, "monitoring");
  const download = chief.waitForEvent("download");
  await chief.getByRole("link", { name: "Export as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("answers.csv");
});
