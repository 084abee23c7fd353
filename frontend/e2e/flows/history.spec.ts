import { expect, test, type Page } from "@playwright/test";

import { MODEL_ADMIN, USER } from "../support/liveServer";
import { expectEnd, expectSlot, fillSlot, keepShot, signIn, submit } from "../support/steps";

async function analyse(page: Page, label: string) {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill(label);
  await submit(page);
  await expectEnd(page, "succeeded");
}

test("the history is searched, its address keeps the search, two exams are compared", async ({
  page,
}) => {
  await signIn(page, USER);
  await analyse(page, "H-1 node");
  await analyse(page, "H-2 node");
  await analyse(page, "H-1 node");
  await page.getByRole("link", { name: "My analyses" }).click();
  await page.getByLabel("Search a label").fill("H-1");
  await expect(page).toHaveURL(/label=H-1/);
  await expect(page.getByRole("row")).toHaveCount(3); // two, and the head
  await page.getByLabel("From day").fill("2000-01-01");
  await page.getByLabel("To day").fill("2000-12-31");
  await expect(page.getByText("No analysis matches this search.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Search a label")).toHaveValue("H-1");
  await expect(page.getByLabel("To day")).toHaveValue("2000-12-31");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.getByRole("link", { name: "H-2 node" })).toBeVisible();
  await keepShot(page, "history");

  await page.getByRole("link", { name: "H-1 node" }).first().click();
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("menuitem").first().click();
  await page.waitForURL(/\/compare\//);
  const pair = page.getByTestId("exam-pair");
  await expect(pair.getByRole("row", { name: /metastatic/ })).toContainText("±0");
  await expect(pair.getByRole("img", { name: /2D grey-scale image with the map/ })).toHaveCount(2);
  await expect(pair).toContainText("Research use only: not for diagnosis");
  await keepShot(page, "exams-compared");
});

test("a colleague reads by a link until it is revoked", async ({ page, browser, baseURL }) => {
  await signIn(page, USER);
  await analyse(page, "S-1 shared");
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = page.getByRole("status").filter({ hasText: "/shared#" }).locator("pre");
  const address = (await link.textContent()) ?? "";
  await keepShot(page, "share-dialog");

  const colleague = await (await browser.newContext({ baseURL })).newPage();
  await colleague.goto(address);
  await colleague.getByLabel("User name").fill(MODEL_ADMIN.username);
  await colleague.getByLabel("Password").fill(MODEL_ADMIN.password);
  await colleague.locator("form").getByRole("button", { name: "Sign in" }).click();
  await expect(colleague.getByRole("heading", { name: "S-1 shared" })).toBeVisible();
  await expect(colleague.getByTestId("case-headline")).toContainText(/\d+\s%/);
  await expect(colleague.getByRole("link", { name: "Report" })).toBeVisible();
  await expect(colleague.getByRole("button", { name: "Delete" })).toHaveCount(0);

  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText(`opened by ${MODEL_ADMIN.username}`)).toBeVisible();
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No link is open.")).toBeVisible();
  await colleague.reload();
  await expect(colleague.getByText("There is nothing here")).toBeVisible();
  await colleague.goto(address);
  await colleague.reload();
  await expect(colleague.getByText("This link opens nothing")).toBeVisible();
});
