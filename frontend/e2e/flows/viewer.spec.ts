import { expect, test, type Page } from "@playwright/test";

import { MODALITIES } from "../../src/lib/taxonomy";
import {
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  mapInk,
  submit,
} from "../support/steps";

let result = "";

test.beforeAll(async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, storageState: undefined });
  const page = await context.newPage();
  await page.goto("/");
  for (const modality of MODALITIES) await fillSlot(page, modality);
  for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
  await submit(page);
  await expectEnd(page, "succeeded");
  result = page.url();
  state = await context.storageState();
  await context.close();
});

let state: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

test.beforeEach(async ({ page }) => {
  await page.context().addCookies(state.cookies); // the analysis belongs to that browser session
  await page.goto(result);
  await expectEnd(page, "succeeded");
});

const stage = (page: Page, modality = "2d") =>
  page.getByTestId(`card-${modality}`).getByRole("application");

/** Scale and shift of an image's layers, as numbers. */
function view(page: Page, modality = "2d") {
  return stage(page, modality)
    .locator("> div")
    .evaluate((moved) => {
      const matrix = new DOMMatrix(getComputedStyle(moved).transform);
      return { scale: matrix.a, x: Math.round(matrix.e), y: Math.round(matrix.f) };
    });
}

async function centre(page: Page, modality = "2d") {
  const box = await stage(page, modality).boundingBox();
  if (!box) throw new Error("no stage");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}

test("wheel, drag and double click move all three images together", async ({ page }) => {
  const { x, y } = await centre(page);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -300);
  await expect.poll(async () => (await view(page)).scale).toBeCloseTo(Math.exp(0.6), 1);
  const zoomed = await view(page);
  for (const modality of ["cdfi", "elastography"])
    expect(await view(page, modality)).toEqual(zoomed);

  await page.mouse.down();
  await page.mouse.move(x + 60, y + 40, { steps: 4 });
  await page.mouse.up();
  const moved = await view(page);
  expect(moved.x - zoomed.x).toBe(60);
  expect(moved.y - zoomed.y).toBe(40);
  expect(await view(page, "elastography")).toEqual(moved);

  await page.mouse.dblclick(x, y);
  await expect.poll(() => view(page, "cdfi")).toEqual({ scale: 1, x: 0, y: 0 });
  await page.mouse.dblclick(x, y);
  await expect.poll(async () => (await view(page)).scale).toBeCloseTo(2.5);
});

test("the wheel outwards scrolls the page, as everywhere", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 600 });
  const { x, y } = await centre(page);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
  expect((await view(page)).scale).toBe(1);
});

test("two fingers zoom", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  const { x, y } = await centre(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints:
        type === "touchEnd"
          ? []
          : [
              { x: x - apart, y, id: 1 },
              { x: x + apart, y, id: 2 },
            ],
    });
  await touch("touchStart", 40);
  for (const apart of [50, 60, 70, 80]) await touch("touchMove", apart);
  await touch("touchEnd", 0);
  await expect.poll(async () => (await view(page)).scale).toBeGreaterThan(1.6);
  expect(await view(page, "cdfi")).toEqual(await view(page));
});

test("everything by keyboard, and the list of keys", async ({ page }) => {
  const canvas = page.getByTestId("card-2d").getByTestId("heatmap");
  await expect(canvas).toBeVisible();
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await expect.poll(async () => (await view(page)).scale).toBeCloseTo(1.5625);
  const before = await view(page);
  await stage(page).focus();
  await page.keyboard.press("ArrowLeft");
  const { width } = await centre(page);
  await expect
    .poll(async () => (await view(page, "cdfi")).x - before.x)
    .toBe(Math.round(width * 0.1));
  await page.keyboard.press("0");
  await expect.poll(() => view(page)).toEqual({ scale: 1, x: 0, y: 0 });

  const ink = await mapInk(page, "2d");
  for (let press = 0; press < 10; press += 1) await page.keyboard.press(".");
  await expect.poll(() => mapInk(page, "2d")).toBeLessThan(ink);
  const inferno = await canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());
  await page.keyboard.press("c");
  await expect
    .poll(() => canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL()))
    .not.toBe(inferno);
  await page.keyboard.press("i");
  await expect(canvas).toHaveCount(0);
  await page.keyboard.press("b");

  await page.keyboard.press("s");
  await expect(page.getByRole("article")).toHaveCount(1);
  await page.keyboard.press("n");
  await expect(page.getByRole("tab", { selected: true })).toHaveText("CDFI");
  await keepShot(page, "result-one-large");
  await expectAccessible(page);
  await page.keyboard.press("s");

  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  await keepShot(page, "result-full-screen");
  await page.keyboard.press("f");
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(false);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toContainText("Keys of the viewer");
  await keepShot(page, "result-keys");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("switch").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("m");
  await expect(page.getByRole("radio", { name: "blend" })).toBeChecked();
});

test("on a tablet one image at a time, the answer always in sight", async ({ page }) => {
  await page.setViewportSize({ width: 834, height: 1112 });
  await expect(page.getByRole("article")).toHaveCount(1);
  await page.getByRole("tab", { name: "Elastography" }).click();
  await expect(page.getByTestId("card-elastography")).toBeVisible();
  await page.mouse.wheel(0, 800);
  await expect(page.getByTestId("case-headline")).toBeInViewport();
  await expectAccessible(page);
});
