import type { SettingsShown } from "../../src/api/types";
import { aSession, aUser } from "../../src/testing/fixtures";
import { problem, reply } from "../support/fakeApi";

import { as, CHIEF } from "./accountFixtures";
import type { GalleryScene } from "./scenes";

const FRESH: SettingsShown = {
  settings: {
    anonymous_use: true,
    keep_images: true,
    mask_text: true,
    retention_days: 0,
    first_read: "off",
    set_level: 90,
    gate_policy: "ask",
    default_language: "browser",
  },
  bounds: { anonymous_use: true, mask_text: true, retention_days: 3650, anonymous_hours: 24 },
  changes: [],
};

const change = (id: string, actor: string, field: string, old: unknown, value: unknown) => ({
  id,
  actor,
  field,
  old,
  new: value,
  created_at: "2026-11-24T14:02:00Z",
});

const LIVED_IN: SettingsShown = {
  settings: {
    anonymous_use: true,
    keep_images: true,
    mask_text: true,
    retention_days: 365,
    first_read: "all",
    set_level: 95,
    gate_policy: "beside",
    default_language: "zh",
  },
  bounds: { ...FRESH.bounds, anonymous_use: false },
  changes: [
    change("4", "h.lindqvist", "first_read", "choice", "all"),
    change("3", "a.very.long.account.name.of.the.department", "retention_days", 0, 365),
    change("2", "h.lindqvist", "anonymous_use", false, true),
    change("1", "h.lindqvist", "default_language", "browser", "zh"),
  ],
};

/** The site's settings and the own choice on the account page. */
export const SITE_SCENES: Record<string, GalleryScene> = {
  settings: { path: "/settings", session: as(CHIEF), answers: { "settings/": reply(FRESH) } },
  "settings-changed": {
    path: "/settings",
    session: as(CHIEF),
    answers: { "settings/": reply(LIVED_IN) },
  },
  "settings-retention": {
    path: "/settings",
    session: as(CHIEF),
    answers: { "settings/": reply(FRESH) },
    act: async (page) => {
      await page.locator("#site_retention_days").fill("90");
      await page.locator("form button[type=submit]").click();
      await page.getByRole("dialog").waitFor();
    },
  },
  "settings-failed": {
    path: "/settings",
    session: as(CHIEF),
    answers: { "settings/": problem(400, "x") },
  },
  "settings-not-for-role": { path: "/settings", session: as(aUser()) },
  "account-first-read": {
    path: "/account",
    session: aSession({ user: aUser(), first_read: { mode: "choice", own: true } }),
    answers: {
      "tokens/": reply([]),
      "auth/second-factor/": reply({ enabled: false, required: false, recovery_codes_left: 0 }),
    },
  },
};
