import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Modality } from "../../src/lib/taxonomy";

import type { Account } from "./liveServer";

const ROOT = join(import.meta.dirname, "../../..");
const SHOTS = join(ROOT, "artifacts/screenshots");
const EXAMPLES = join(ROOT, "frontend/public/examples");

export const exampleBytes = (modality: Modality) => readFileSync(join(EXAMPLES, `${modality}.png`));

export async function fillSlot(page: Page, modality: Modality, buffer = exampleBytes(modality)) {
  const file = { name: `${modality}.png`, mimeType: "image/png", buffer };
  await page.locator(`#slot-${modality}-file`).setInputFiles(file);
}

export async function expectSlot(page: Page, modality: Modality, status: string) {
  await expect(page.getByTestId(`slot-${modality}`)).toHaveAttribute("data-status", status);
}

export async function submit(page: Page, name: RegExp | string = "Submit") {
  await page.getByRole("button", { name }).click();
  await page.waitForURL(/\/analyses\/[0-9a-f-]{36}$/);
}

export async function expectEnd(page: Page, state: string) {
  await expect(page.getByTestId("result")).toHaveAttribute("data-state", state, {
    timeout: 120_000,
  });
}

export async function signIn(page: Page, { username, password }: Account) {
  await page.goto("/sign-in");
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Account" })).toBeVisible();
}

/** Sum of the alpha of the map over an image: 0 where nothing is drawn. */
export async function mapInk(page: Page, modality: Modality): Promise<number> {
  const canvas = page.getByTestId(`card-${modality}`).getByTestId("heatmap");
  await expect(canvas).toBeVisible();
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const context = element.getContext("2d");
    const data = context?.getImageData(0, 0, element.width, element.height).data ?? [];
    let ink = 0;
    for (let index = 3; index < data.length; index += 4) ink += data[index] ?? 0;
    return ink;
  });
}

export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    grave.map(({ id, nodes }) => [id, nodes.map((node) => [node.html, node.any[0]?.message])]),
  ).toEqual([]);
}

export async function keepShot(page: Page, name: string) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
