import type { Page } from "@playwright/test";

import type { Scene } from "../support/fakeApi";

import { ACCOUNT_SCENES } from "./accountScenes";
import { BATCH_SCENES } from "./batchScenes";
import { COMPARISON_SCENES } from "./comparisonScenes";
import { FUSION_SCENES } from "./fusionScenes";
import { MODEL_SCENES } from "./modelScenes";
import { MONITORING_SCENES } from "./monitoringScenes";
import { OUTCOME_SCENES } from "./outcomeScenes";
import { RESULT_SCENES } from "./resultScenes";
import { SITE_SCENES } from "./siteScenes";
import { TRUST_SCENES } from "./trustScenes";
import { takeExamples, UPLOAD_SCENES } from "./uploadScenes";

export interface GalleryScene extends Scene {
  path: string;
  /** The page's clock can be turned forward. */
  clock?: boolean;
  /** Brings the page into the state, after it has loaded. */
  act?: (page: Page) => Promise<void>;
}

export const SCENES: Record<string, GalleryScene> = {
  ...UPLOAD_SCENES,
  ...RESULT_SCENES,
  ...MODEL_SCENES,
  ...FUSION_SCENES,
  ...COMPARISON_SCENES,
  ...OUTCOME_SCENES,
  ...SITE_SCENES,
  ...TRUST_SCENES,
  ...MONITORING_SCENES,
  ...BATCH_SCENES,
  about: { path: "/about" },
  ...ACCOUNT_SCENES,
  "not-found": { path: "/nowhere" },
  offline: {
    path: "/",
    act: async (page) => {
      await takeExamples(page);
      await page.context().setOffline(true);
    },
  },
  "server-gone": { path: "/", answers: { "auth/session/": (route) => route.abort() } },
};
