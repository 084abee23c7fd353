import type { Page, Route } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Analysis, Session } from "../../src/api/types";
import { MODALITIES } from "../../src/lib/taxonomy";
import { anAnalysis, aSession } from "../../src/testing/fixtures";
import { aModelCard, aModelVersion, anAnswering } from "../../src/testing/modelFixtures";

import { spotPng } from "./png";

const EXAMPLES = process.env.GALLERY_IMAGES ?? join(import.meta.dirname, "../../public/examples");

export interface Scene {
  session?: Session;
  analysis?: Analysis;
  list?: Analysis[];
  /** Answers to single paths (below /api/v1/), before everything else. */
  answers?: Record<string, (route: Route) => Promise<void>>;
}

const json = (route: Route, body: unknown, status = 200) =>
  route.fulfill({
    status,
    contentType: status < 400 ? "application/json" : "application/problem+json",
    body: JSON.stringify(body),
  });

/** An answer for `Scene.answers`. */
export const reply =
  (body: unknown, status = 200) =>
  (route: Route) =>
    json(route, body, status);

export const problem = (status: number, code: string, errors?: object) => (route: Route) =>
  json(route, { type: "about:blank", title: "", status, code, detail: code, errors }, status);

function picture(path: string): Buffer | null {
  const compared = path.startsWith("comparisons/") ? "2d" : undefined;
  const found = MODALITIES.find((modality) => path.includes(`prediction-${modality}/`)) ?? compared;
  if (!found) return null;
  if (compared || path.endsWith("image.png")) return readFileSync(join(EXAMPLES, `${found}.png`));
  return spotPng(320, 240, path.includes("metastatic") ? 0.48 : 0.6, 0.5);
}

/** The server, played by fixtures: for page states that a real one shows only by accident. */
export async function fakeApi(page: Page, scene: Scene): Promise<void> {
  const analysis = scene.analysis ?? anAnalysis();
  await page.route("**/api/v1/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    const path = pathname.replace("/api/v1/", "");
    const own = scene.answers?.[path];
    if (own) return own(route);
    if (path === "auth/session/") return json(route, scene.session ?? aSession());
    if (path === "tokens/") return json(route, []);
    if (path === "models/") {
      const results = MODALITIES.map((modality) => aModelVersion(modality));
      return json(route, { next: null, previous: null, results });
    }
    if (path === "models/answering/") return json(route, anAnswering());
    if (path.startsWith("models/")) return json(route, aModelCard("2d"));
    if (path === "analyses/") {
      return json(route, { next: null, previous: null, results: scene.list ?? [] });
    }
    if (path === `analyses/${analysis.id}/`) return json(route, analysis);
    if (path === `analyses/${analysis.id}/read/`) {
      return json(route, { first_read: analysis.first_read, read: null, verdicts: [] });
    }
    if (path === `analyses/${analysis.id}/pathology/`) return json(route, { entries: [] });
    const body = picture(path);
    if (body) return route.fulfill({ contentType: "image/png", body });
    return problem(404, "not_found")(route);
  });
}
