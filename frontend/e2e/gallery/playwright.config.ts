import { defineConfig } from "@playwright/test";

import { chromium } from "../support/browser";

const PORT = 4173;

/** Every page state from fixtures, as a picture and an axe run. Needs `npm run build`; no server. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../../artifacts/gallery",
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: { ...chromium, baseURL: `http://127.0.0.1:${PORT}` },
  webServer: {
    command: `npx vite preview --host 127.0.0.1 --port ${PORT} --strictPort`,
    cwd: "../..",
    port: PORT,
    reuseExistingServer: false,
  },
});
