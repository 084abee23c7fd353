import { defineConfig } from "@playwright/test";

import { chromium } from "../support/browser";

/** The page against a real server: started here, or the one that BASE_URL names. Needs `npm run build`. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../../artifacts/e2e",
  globalSetup: "./start.ts",
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  // A machine that does other work too may miss one of 50 flows once. It is run again, and the report names it.
  retries: 1,
  reporter: [["list"]],
  // Known once start.ts has run: every worker process reads this file again.
  use: {
    ...chromium,
    baseURL: process.env.BASE_URL,
    // A dialog that is still growing is where no mouse should aim.
    contextOptions: { reducedMotion: "reduce" },
  },
});
