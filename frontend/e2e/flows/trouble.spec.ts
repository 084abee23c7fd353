import { expect, test, type Page } from "@playwright/test";

import { MODALITIES } from "../../src/lib/taxonomy";
import { makeAccount, startWeb } from "../support/accounts";
import {
  expectAccessible,
  expectEnd,
  expectSlot,
  fillSlot,
  keepShot,
  signIn,
  submit,
} from "../support/steps";
import { holdWorkers } from "../support/worker";

const FOLDER = process.env.E2E_DATA_DIR ?? "";

async function fill(page: Page, label: string) {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await page.getByLabel("Case label").fill(label);
}

async function expectOnce(page: Page, label: string) {
  await page.getByRole("link", { name: "My analyses" }).click();
  await expect(page.getByRole("link", { name: label })).toHaveCount(1);
}

test("offline: it says so, keeps everything, and sends by itself when the network is back", async ({
  page,
}) => {
  await fill(page, "sent later");
  await page.context().setOffline(true);
  await expect(
    page.getByText("No connection. What you typed and dropped stays here"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Submit" }).click();
  const waiting = page.getByTestId("submit-waiting");
  await expect(waiting).toHaveAttribute("data-why", "offline");
  await expect(waiting).toContainText("They are sent as soon as the network is back.");
  await keepShot(page, "trouble-offline");
  await expectAccessible(page);
  await page.context().setOffline(false);
  await page.waitForURL(/\/analyses\//);
  await expectEnd(page, "succeeded");
  await expectOnce(page, "sent later");
});

test("the answer of the first try is lost on the way: the second makes no second analysis", async ({
  page,
}) => {
  let tries = 0;
  await page.route("**/api/v1/analyses/", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    tries += 1;
    if (tries > 1) return route.continue();
    await route.fetch(); // it arrives and is taken in; only its answer never comes back
    return route.abort("connectionreset");
  });
  await fill(page, "taken in once");
  await submit(page);
  expect(tries).toBe(2);
  await expectEnd(page, "succeeded");
  await expectOnce(page, "taken in once");
});

test("a server that stays away: the images and the label are still there, and can be sent", async ({
  page,
}) => {
  await page.clock.install();
  await page.route("**/api/v1/analyses/", (route) =>
    route.request().method() === "POST" ? route.abort("connectionrefused") : route.continue(),
  );
  await fill(page, "kept");
  await page.getByRole("button", { name: "Submit" }).click();
  const problem = page.getByTestId("submit-problem");
  for (let second = 0; second < 60 && !(await problem.isVisible()); second += 1) {
    await page.clock.runFor(1000);
  }
  await expect(problem).toContainText("nothing is ever sent twice");
  await keepShot(page, "trouble-server-away");
  await page.getByRole("link", { name: "About" }).click();
  await page.getByRole("link", { name: "New analysis" }).click();
  await expectSlot(page, "2d", "ready");
  await expect(page.getByLabel("Case label")).toHaveValue("kept");
});

test("an expired session: its owner signs in, and nothing dropped or typed is lost", async ({
  page,
}) => {
  test.skip(FOLDER === "", "needs an account on the server");
  const account = makeAccount(FOLDER, {
    username: "comes-back",
    password: "a-long-test-password",
  });
  await signIn(page, account);
  await fill(page, "before the end");
  await page.context().clearCookies(); // what an expired session looks like from here
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(page.getByTestId("session-ended")).toBeVisible();
  await keepShot(page, "trouble-session-ended");
  await page.getByLabel("Password").fill(account.password);
  await page.locator("form").getByRole("button", { name: "Sign in" }).click();
  await expectSlot(page, "2d", "ready");
  await expect(page.getByLabel("Case label")).toHaveValue("before the end");
  await submit(page);
  await expectEnd(page, "succeeded");
  await expectOnce(page, "before the end");
});

test.describe("while the workers hang @long", () => {
  test.skip(() => FOLDER === "", "needs the server's processes");
  test.setTimeout(300_000);

  test("a full queue takes nothing, says when it tries again, and goes on by itself", async ({
    browser,
  }) => {
    const release = holdWorkers(FOLDER);
    const web = await startWeb(FOLDER, { MAX_QUEUED_IMAGES: "1" });
    const context = await browser.newContext({ baseURL: web.url });
    const page = await context.newPage();
    try {
      await fill(page, "first in the queue");
      await submit(page);
      await fill(page, "finds it full");
      await page.getByRole("button", { name: "Submit" }).click();
      const waiting = page.getByTestId("submit-waiting");
      await expect(waiting).toHaveAttribute("data-why", "busy");
      await expect(waiting).toContainText(/Trying again in \d+ s/);
      await keepShot(page, "trouble-queue-full");
      await expectAccessible(page);
      release();
      await page.waitForURL(/\/analyses\//);
      await expectEnd(page, "succeeded");
      await expectOnce(page, "finds it full");
    } finally {
      release();
      await context.close();
      web.stop();
    }
  });

  test("no worker: the page says so, and the answer comes when one is back", async ({ page }) => {
    const release = holdWorkers(FOLDER);
    try {
      await fill(page, "waits for a worker");
      await submit(page);
      await expect(page.getByTestId("progress")).toContainText("No worker is running", {
        timeout: 60_000,
      });
      await expect(page.getByTestId("announcer")).toHaveText(/No worker is running/);
      await keepShot(page, "trouble-no-worker");
      await expectAccessible(page);
      release();
      await expectEnd(page, "succeeded");
    } finally {
      release();
    }
  });
});

declare global {
  interface Window {
    seen: { blank: number; frames: number; shifts: number; moved: string[]; said: string[] };
  }
  interface LayoutShift {
    value: number;
    sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
  }
}

/** Looks at every frame from now on: are all three pictures on the screen, and does anything jump? */
async function watchFrames(page: Page) {
  await page.evaluate((count) => {
    window.seen = { blank: 0, frames: 0, shifts: 0, moved: [], said: [] };
    let turning = 0;
    const look = () => {
      const pictures = [...document.querySelectorAll<HTMLImageElement>("section img, article img")];
      const loaded = pictures.filter((one) => one.complete && one.naturalWidth > 0);
      window.seen.frames += 1;
      // While one page turns into the other, the former one's pictures lie on top for a moment.
      turning = document.documentElement.matches(":active-view-transition") ? turning + 1 : 0;
      const covered = turning > 0 && turning <= 4;
      if (loaded.length < count && !covered) window.seen.blank += 1;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    const announcer = document.querySelector("[data-testid=announcer]");
    new MutationObserver(() => {
      const text = announcer?.textContent ?? "";
      if (text) window.seen.said.push(text);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    // A change of page is no jump; what moves after the answer's page is there is one.
    new PerformanceObserver((list) => {
      if (!document.querySelector("[data-testid=result]")) return;
      for (const entry of list.getEntries()) {
        const shift = entry as unknown as LayoutShift;
        window.seen.shifts += shift.value;
        for (const { node, previousRect: from, currentRect: to } of shift.sources) {
          const name =
            node instanceof Element ? node.outerHTML.slice(0, 80) : (node?.nodeName ?? "");
          window.seen.moved.push(`${name} ${[from.x, from.y]} → ${[to.x, to.y]}`);
        }
      }
    }).observe({ type: "layout-shift" });
  }, MODALITIES.length);
}

test("from Submit to the painted answer nothing is blank, nothing jumps, and each step is said @long", async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "no-preference" }); // with the movement that most people see
  await page.goto("/");
  for (const modality of MODALITIES) await fillSlot(page, modality);
  for (const modality of MODALITIES) await expectSlot(page, modality, "ready");
  await watchFrames(page);
  await submit(page);
  await expectEnd(page, "succeeded");
  for (const modality of MODALITIES) {
    await expect(page.getByTestId(`card-${modality}`).getByTestId("heatmap")).toBeVisible();
  }
  const seen = await page.evaluate(() => window.seen);
  expect(seen.frames).toBeGreaterThan(5);
  expect(seen.blank, "frames without all three pictures").toBe(0);
  expect(seen.shifts, `what moved on the answer's page: ${seen.moved.join("; ")}`).toBeLessThan(
    0.001,
  );
  const said = [...new Set(seen.said)].join(" | ");
  expect(said).toMatch(/Sending the images.*Received.*(Queued|analysed).*Answer: /s);
});
