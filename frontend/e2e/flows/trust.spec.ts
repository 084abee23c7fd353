import { expect, test } from "@playwright/test";

import {
  exampleBytes,
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  submit,
} from "../support/steps";

test("an image in the wrong field: the reason first, the answer after one click, the mark for ever", async ({
  page,
}) => {
  await page.goto("/");
  await fillSlot(page, "2d", exampleBytes("elastography"));
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill("wrong field");
  await submit(page);
  await expectEnd(page, "succeeded");
  const gate = page.getByTestId("gate");
  await expect(gate).toContainText("looks like Strain elastography, but it lies in the 2D field");
  await expect(page.getByTestId("case-answer")).toHaveCount(0);
  await expect(page.getByTestId("card-2d").getByTestId("heatmap")).toHaveCount(0);
  await expect(page.getByTestId("announcer")).toContainText("read the reason first");
  await expectAccessible(page);
  await keepShot(page, "trust-wrong-field");

  await gate.getByRole("button", { name: "Show the answer" }).press("Enter");
  await expect(page.getByTestId("case-answer")).toBeVisible();
  await expect(page.getByTestId("card-2d")).toContainText("looks like Strain elastography");
  await expectAccessible(page);

  await page.reload();
  await expect(gate).toBeVisible();
  await page.goto("/analyses");
  await expect(page.getByRole("row", { name: /wrong field/ })).toContainText("doubtful");
});

test("two images that changed places: one click brings them into the right fields, to be sent anew", async ({
  page,
}) => {
  await page.goto("/");
  await fillSlot(page, "2d", exampleBytes("elastography"));
  await expectSlot(page, "2d", "ready");
  await fillSlot(page, "elastography", exampleBytes("2d"));
  await expectSlot(page, "elastography", "ready");
  await page.getByLabel("Case label").fill("changed places");
  await submit(page);
  await expectEnd(page, "succeeded");
  await page.getByRole("button", { name: "Put them into the right fields" }).click();

  await expectSlot(page, "2d", "ready");
  await expectSlot(page, "elastography", "ready");
  await expect(page.getByLabel("Case label")).toHaveValue("changed places");
  await submit(page);
  await expectEnd(page, "succeeded");
  await expect(page.getByText("looks like")).toHaveCount(0);
});
