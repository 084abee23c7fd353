import { expect, test } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { folderOf, zipOf } from "../support/files";
import { USER } from "../support/liveServer";
import { exampleBytes, expectAccessible, keepShot, signIn } from "../support/steps";

const SOUND = exampleBytes("2d");

test("a ZIP of cases becomes a table of answers; what is refused is said and nothing else is lost", async ({
  page,
}) => {
  await signIn(page, USER);
  await page.getByRole("link", { name: "Send many cases at once" }).click();
  await expect(page.getByRole("heading", { name: "Many cases at once" })).toBeVisible();
  const archive = await zipOf({
    "B-1/2d.png": SOUND,
    "B-1/cdfi.png": exampleBytes("cdfi"),
    "B-2_2d.png": SOUND,
    "B-3_2d.png": Buffer.from("this is no image"),
    "notes.docx": Buffer.from("no kind in this name"),
  });
  await page.getByTestId("batch-files").setInputFiles({
    name: "cases.zip",
    mimeType: "application/zip",
    buffer: archive,
  });
  const plan = page.getByTestId("batch-plan");
  await expect(plan.getByRole("heading")).toHaveText("3 cases found");
  await expect(page.getByTestId("batch-left-out")).toContainText("notes.docx");
  await expectAccessible(page);
  await keepShot(page, "batch-plan");
  await page.getByLabel("Name of the batch").fill("Screening");
  await page.getByRole("button", { name: "Send 3 cases" }).click();

  await expect(page.getByRole("heading", { name: "Screening" })).toBeVisible();
  const refused = page.getByTestId("batch-refused");
  await expect(refused).toContainText("B-3", { timeout: 60_000 });
  await expect(refused).toContainText("not an image");
  await expect(page.getByTestId("batch-status")).toHaveAttribute("data-over", "true", {
    timeout: 120_000,
  });
  await expect(page.getByTestId("batch-status")).toContainText("2 of 3 answered");
  await expect(page.getByRole("row")).toHaveCount(3); // two, and the head
  await expect(page.getByRole("row").filter({ hasText: "B-1" })).toContainText("2D, CDFI");
  await expectAccessible(page);
  await keepShot(page, "batch-finished");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  expect((await download).suggestedFilename()).toBe("batch.csv");
  const json = await page.request.get(
    page.url().replace("/batches", "/api/v1/batches") + "/results.json",
  );
  expect(((await json.json()) as { analyses: unknown[] }).analyses).toHaveLength(2);

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No batch yet.")).toBeVisible();
});

test("a table says which file belongs to which case; a stopped batch goes on where it was", async ({
  page,
}) => {
  await signIn(page, USER);
  await page.goto("/batches");
  const names = ["a.png", "b.png", "c.png", "d.png"];
  const folder = folderOf(names.map((path) => ({ path, bytes: SOUND })));
  const lines = names.map((name, index) => `T-${index + 1},${name}`);
  writeFileSync(
    join(folder, "cases.csv"),
    ["case_label,image_2d", ...lines, "T-9,gone.png"].join("\n"),
  );
  await page
    .getByTestId("batch-files")
    .setInputFiles([...names, "cases.csv"].map((name) => join(folder, name)));
  await expect(page.getByTestId("batch-left-out")).toContainText("T-9: gone.png");

  let cases = 0;
  await page.route("**/cases/", async (route) => {
    if (route.request().method() === "POST" && (cases += 1) === 2) {
      await page.getByRole("button", { name: "Stop" }).click();
    }
    await route.continue().catch(() => undefined); // the request may be gone already
  });
  await page.getByRole("button", { name: "Send 4 cases" }).click();
  await expect(page.getByTestId("batch-stopped")).toContainText("3 cases were not sent");
  await keepShot(page, "batch-stopped");
  await page.getByRole("link", { name: "Models" }).click(); // what waits is not lost by a look around
  await page.waitForURL("**/models");
  await page.goBack();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByTestId("batch-status")).toContainText("4 of 4 answered", {
    timeout: 120_000,
  });
  await expect(page.getByRole("row")).toHaveCount(5);
});

test("what can't be read is refused with what to do", async ({ page }) => {
  await page.goto("/batches");
  await page.getByTestId("batch-files").setInputFiles({
    name: "cases.zip",
    mimeType: "application/zip",
    buffer: Buffer.from("this is no archive"),
  });
  await expect(page.getByTestId("batch-unreadable")).toContainText("make it again");
  await expectAccessible(page);
  await keepShot(page, "batch-unreadable");
});
