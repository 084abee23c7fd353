import type { PlaywrightTestConfig } from "@playwright/test";

/** Debian's Chromium, alone with the server under test. */
export const chromium: PlaywrightTestConfig["use"] = {
  browserName: "chromium",
  locale: "en-GB",
  timezoneId: "UTC",
  viewport: { width: 1440, height: 900 },
  trace: "retain-on-failure",
  launchOptions: {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};
