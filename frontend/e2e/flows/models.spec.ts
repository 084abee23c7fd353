import { expect, test, type APIResponse, type Page } from "@playwright/test";

import { makeCandidate, MODEL_ADMIN, USER } from "../support/liveServer";
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
const CANDIDATE = "candidate of the browser test";

test.describe.configure({ mode: "serial" });
test.skip(() => FOLDER === "", "needs accounts and the data folder of the server");

/** A clinician's 2D image, answered; the name of the version that did it. */
async function answeredBy(page: Page): Promise<string> {
  await page.goto("/");
  await fillSlot(page, "2d");
  await expectSlot(page, "2d", "ready");
  await submit(page);
  await expectEnd(page, "succeeded");
  return page.getByTestId("card-2d").getByRole("link").first().innerText();
}

async function giveReason(page: Page, reason: string, action: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why?").fill(reason);
  await dialog.getByRole("button", { name: action, exact: true }).click();
  await expect(dialog).toBeHidden();
}

let version = "";
let comparison = "";

test("an admin uploads, checks, reads, compares, activates and rolls back", async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  const clinic = await browser.newContext({ baseURL: process.env.BASE_URL });
  const clinician = await clinic.newPage();
  const former = await answeredBy(clinician);
  await answeredBy(clinician);

  await signIn(page, MODEL_ADMIN);
  await page.getByRole("link", { name: "Models" }).click();
  await expect(page.getByTestId("answering-2d")).toContainText(former);
  await page.getByRole("button", { name: "Upload a version" }).click();
  await page.locator("input[type=file]").setInputFiles(makeCandidate(FOLDER));
  await page.getByLabel("Name (optional)").fill(CANDIDATE);
  await page.getByLabel("Why?").fill("Second recipe: is lymphoma found more often?");
  await expectAccessible(page);
  await keepShot(page, "model-upload");
  await page.getByRole("button", { name: "Upload", exact: true }).click();

  await page.waitForURL(/\/models\/[0-9a-f-]{36}$/);
  version = page.url().split("/").pop() ?? "";
  await expect(page.getByRole("heading", { name: CANDIDATE })).toBeVisible();
  await expect(page.getByTestId("check-state")).toContainText("Passed", { timeout: 180_000 });
  await expect(page.getByTestId("version-state")).toContainText("checked");
  await expect(page.getByTestId("check").locator("li[data-outcome='passed']")).toHaveCount(12);
  await expect(page.getByTestId("model-card")).toContainText("Use and limits");
  await expect(page.getByTestId("model-card")).toContainText("Data and protocol");
  await expect(page.getByTestId("events")).toContainText(MODEL_ADMIN.username);
  await keepShot(page, "model-version-checked");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByLabel("How many of the last cases").fill("20");
  await giveReason(page, "Before it answers anybody.", "Compare");
  await page.waitForURL(/\/models\/comparisons\/[0-9a-f-]{36}$/);
  comparison = page.url().split("/").pop() ?? "";
  await expect(page.getByTestId("comparison")).toHaveAttribute("data-state", "finished", {
    timeout: 180_000,
  });
  await page.getByText(/^all \(\d+\)$/).click();
  const pair = page.getByTestId("compared-case").first();
  for (const picture of await pair.getByRole("img").all()) {
    await picture.scrollIntoViewIfNeeded();
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
  }
  await keepShot(page, "model-comparison");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Activate the candidate" }).click();
  await expect(page.getByTestId("replaces")).toContainText(former);
  await giveReason(page, "It agrees with the former version.", "Activate");
  expect(await answeredBy(clinician)).toBe(CANDIDATE);
  const kept = clinician.url();

  await page.getByRole("link", { name: "Models" }).click();
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByTestId("event").first()).toContainText(
    "It agrees with the former version.",
  );
  await keepShot(page, "model-history");
  await expectAccessible(page);
  await page
    .getByTestId("event")
    .filter({ has: page.getByRole("link", { name: former, exact: true }) })
    .getByRole("button", { name: "Activate again" })
    .first()
    .click();
  await expect(page.getByTestId("replaces")).toContainText(CANDIDATE);
  await giveReason(page, "Roll-back: only a test.", "Activate");
  await expect(page.getByTestId("event").first()).toContainText("Roll-back: only a test.");
  expect(await answeredBy(clinician)).toBe(former);

  await clinician.goto(kept);
  await expect(
    clinician.getByTestId("card-2d").getByRole("link", { name: CANDIDATE }),
  ).toBeVisible();
  await clinic.close();
});

test("a file that must not come in is refused in words and leaves nothing behind", async ({
  page,
}) => {
  await signIn(page, MODEL_ADMIN);
  await page.goto("/models/upload");
  const broken = Buffer.concat([Buffer.from([255, 255, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]);
  await page.locator("input[type=file]").setInputFiles({
    name: "cut.safetensors",
    mimeType: "application/octet-stream",
    buffer: broken,
  });
  await page.getByLabel("Why?").fill("A broken file");
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("The file ends too early.");
  await expect(page.getByRole("alert")).toContainText("Copy it again");
  await keepShot(page, "model-upload-refused");
  await expectAccessible(page);
});

/** What a page of this session may ask: the browser's own cookies and token. */
async function call(page: Page, method: "get" | "post", path: string): Promise<APIResponse> {
  const session = await page.request.get("/api/v1/auth/session/");
  const { csrf_token: token } = (await session.json()) as { csrf_token: string };
  const headers = { "X-CSRFToken": token, Referer: process.env.BASE_URL ?? "" };
  return method === "get"
    ? page.request.get(`/api/v1/${path}`)
    : page.request.post(`/api/v1/${path}`, { headers, data: { reason: "no", last: 1 } });
}

const READS = () => [`models/${version}/events/`, "comparisons/", `comparisons/${comparison}/`];
const WRITES = () => [
  "models/",
  ...["activate", "retire", "check", "rerun"].map((action) => `models/${version}/${action}/`),
  `comparisons/${comparison}/cancel/`,
];

for (const [who, account, code] of [
  ["a clinician", USER, 403],
  ["somebody without an account", null, 401],
] as const) {
  test(`${who} reaches none of these pages or calls`, async ({ page }) => {
    if (account) await signIn(page, account);
    await page.goto("/models");
    await expect(page.getByTestId("answering-2d")).toBeVisible();
    await expect(page.getByRole("button", { name: "Upload a version" })).toHaveCount(0);
    await expect(page.getByRole("link", { name: "History" })).toHaveCount(0);
    for (const path of ["upload", "history", `comparisons/${comparison}`]) {
      await page.goto(`/models/${path}`);
      const title = account ? "Not for your role" : "Sign in";
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    }
    if (account) await keepShot(page, "model-not-for-role");
    for (const path of READS()) {
      expect((await call(page, "get", path)).status(), path).toBe(code);
    }
    for (const path of WRITES()) {
      expect((await call(page, "post", path)).status(), path).toBe(code);
    }
    await page.goto(`/models/${version}`);
    await expect(page.getByTestId("model-card")).toBeVisible();
    await expect(
      page.getByRole("button", { name: /Activate|Retire|Compare|Check again/ }),
    ).toHaveCount(0);
    const history = await call(page, "get", "models/history/");
    const { results } = (await history.json()) as { results: { action: string; actor: unknown }[] };
    expect(new Set(results.map(({ action }) => action))).toEqual(new Set(["activated"]));
    expect(new Set(results.map(({ actor }) => actor))).toEqual(new Set([null]));
  });
}
