import type { Page, Route } from "@playwright/test";

import { aSession, aUser } from "../../src/testing/fixtures";
import { problem, reply } from "../support/fakeApi";

import {
  CHIEF,
  AUDITOR,
  MODEL_ADMIN_WITHOUT,
  as,
  TOKENS,
  USERS,
  page,
  OFF,
  ON,
  CODES,
  beginning,
} from "./accountFixtures";
import type { GalleryScene } from "./scenes";

const button = (page: Page, name: RegExp) => page.getByRole("button", { name }).first();

async function setUp(page: Page) {
  await button(page, /^(Set up|设置)$/).click();
  await page.getByRole("img", { name: /QR|二维码/ }).waitFor();
}

async function confirmCode(page: Page) {
  await setUp(page);
  await page.locator("#setup_code").fill("123456");
  await button(page, /^(Turn on|启用)$/).click();
}

async function typeNewPassword(page: Page, password: string) {
  await page.locator("#password").fill(password);
  await page.locator("#repeat").fill(password);
  await button(page, /^(Save the password|保存密码)$/).click();
}

async function signIn(page: Page) {
  await page.locator("#username").fill("m.admin");
  await page.locator("#password").fill("a-long-test-password");
  await page.locator("form button[type=submit]").click();
}

const WEAK = {
  password: [
    { code: "password_too_short", detail: "It is too short." },
    { code: "password_too_common", detail: "It is too common." },
  ],
};

/** Accounts: sign-in, account, users, links, roles, idle sign-out. */
export const ACCOUNT_SCENES: Record<string, GalleryScene> = {
  "sign-in": { path: "/sign-in" },
  "sign-in-wrong": {
    path: "/sign-in",
    answers: { "auth/login/": problem(401, "wrong_credentials") },
    act: signIn,
  },
  "sign-in-throttled": {
    path: "/sign-in",
    answers: { "auth/login/": problem(429, "throttled") },
    act: signIn,
  },
  "sign-in-code": {
    path: "/sign-in",
    answers: { "auth/login/": problem(401, "second_factor_required") },
    act: signIn,
  },
  "sign-in-code-wrong": {
    path: "/sign-in",
    answers: {
      "auth/login/": (route) =>
        problem(
          401,
          route.request().postData()?.includes('"code"') ? "wrong_code" : "second_factor_required",
        )(route),
    },
    act: async (page) => {
      await signIn(page);
      await page.locator("#code").fill("123456");
      await page.locator("form button[type=submit]").click();
    },
  },
  "signed-out": { path: "/", session: aSession({ anonymous_allowed: false }) },
  account: {
    path: "/account",
    session: as(aUser()),
    answers: { "tokens/": reply([]), "auth/second-factor/": OFF },
  },
  "account-tokens": {
    path: "/account#tokens",
    session: as(aUser()),
    answers: { "tokens/": reply(TOKENS), "auth/second-factor/": OFF },
  },
  "account-token-new": {
    path: "/account#tokens",
    session: as(CHIEF),
    answers: { "tokens/": reply(TOKENS), "auth/second-factor/": ON },
    act: (page) => button(page, /New token|新建令牌/).click(),
  },
  "account-token-made": {
    path: "/account#tokens",
    session: as(aUser()),
    answers: {
      "auth/second-factor/": OFF,
      "tokens/": (route) =>
        route.request().method() === "POST"
          ? reply({ ...TOKENS[0], token: "cvln_7Hq2mVw8Zr3tY6uP1oA9sD4fG5hJ" }, 201)(route)
          : reply(TOKENS)(route),
    },
    act: async (page) => {
      await button(page, /New token|新建令牌/).click();
      await page.locator("#token_name").fill("Export script on the reading-room PC");
      await button(page, /Make the token|创建令牌/).click();
      await page.getByTestId("new-token").scrollIntoViewIfNeeded();
    },
  },
  "account-password-weak": {
    path: "/account",
    session: as(aUser()),
    answers: {
      "tokens/": reply([]),
      "auth/second-factor/": OFF,
      "auth/password/": problem(422, "weak_password", { new: WEAK.password }),
    },
    act: async (page) => {
      await page.locator("#change_old").fill("old");
      await page.locator("#change_password").fill("12345");
      await page.locator("#change_repeat").fill("12345");
      await button(page, /^(Change password|更改密码)$/).click();
    },
  },
  "account-factor-required": {
    path: "/account",
    session: as(MODEL_ADMIN_WITHOUT),
    answers: { "tokens/": reply([]), "auth/second-factor/": beginning(true) },
  },
  "account-factor-setup": {
    path: "/account",
    session: as(MODEL_ADMIN_WITHOUT),
    answers: { "tokens/": reply([]), "auth/second-factor/": beginning(true) },
    act: setUp,
  },
  "account-factor-wrong": {
    path: "/account",
    session: as(MODEL_ADMIN_WITHOUT),
    answers: {
      "tokens/": reply([]),
      "auth/second-factor/": beginning(true),
      "auth/second-factor/confirm/": problem(422, "wrong_code"),
    },
    act: confirmCode,
  },
  "account-factor-codes": {
    path: "/account",
    session: as(MODEL_ADMIN_WITHOUT),
    answers: {
      "tokens/": reply([]),
      "auth/second-factor/": beginning(true),
      "auth/second-factor/confirm/": reply({ recovery_codes: CODES }),
    },
    act: confirmCode,
  },
  "account-factor-on": {
    path: "/account",
    session: as(CHIEF),
    answers: { "tokens/": reply([]), "auth/second-factor/": ON },
    act: (page) => button(page, /^(Turn off|关闭)$/).click(),
  },
  "factor-notice": { path: "/models", session: as(MODEL_ADMIN_WITHOUT) },
  "auditor-list": { path: "/analyses", session: as(AUDITOR) },
  "users-many": { path: "/users", session: as(CHIEF), answers: { "users/": reply(page(USERS)) } },
  "users-none": { path: "/users", session: as(CHIEF), answers: { "users/": reply(page([])) } },
  "users-failed": { path: "/users", session: as(CHIEF), answers: { "users/": problem(400, "x") } },
  "users-menu": {
    path: "/users",
    session: as(CHIEF),
    answers: { "users/": reply(page(USERS)) },
    act: (page) => button(page, /(Change|更改): l\.chen/).click(),
  },
  "users-new": {
    path: "/users",
    session: as(CHIEF),
    answers: {
      "users/": (route) =>
        route.request().method() === "POST"
          ? problem(409, "username_taken")(route)
          : reply(page(USERS))(route),
    },
    act: async (page) => {
      await button(page, /New user|新建用户/).click();
      await page.locator("#username").fill("l.chen");
      await button(page, /Make the account|创建账户/).click();
    },
  },
  "users-role": {
    path: "/users",
    session: as(CHIEF),
    answers: { "users/": reply(page(USERS)) },
    act: async (page) => {
      await button(page, /(Change|更改): l\.chen/).click();
      await page.getByRole("menuitem", { name: /Change role|更改角色/ }).click();
    },
  },
  "users-link": {
    path: "/users",
    session: as(CHIEF),
    answers: {
      "users/": reply(page(USERS)),
      "users/l.chen/invite/": reply(
        {
          path: "/welcome/5b1f2a34-7c1d-4c0e-9d55-2f0a9a0f2b11/d3x9k2-8f14e45fceea167a5a36dedd4bea2543",
          url: "",
          expires_at: "2026-11-27T14:02:00Z",
        },
        201,
      ),
    },
    act: async (page) => {
      await button(page, /(Change|更改): l\.chen/).click();
      await page.getByRole("menuitem", { name: /New password link|新的密码链接/ }).click();
    },
  },
  "users-not-for-role": { path: "/users", session: as(aUser()) },
  welcome: { path: "/welcome/u/t" },
  "welcome-weak": {
    path: "/welcome/u/t",
    answers: { "auth/welcome/": problem(422, "weak_password", WEAK) },
    act: (page) => typeNewPassword(page, "12345"),
  },
  "welcome-dead": {
    path: "/welcome/u/t",
    answers: { "auth/welcome/": problem(404, "link_not_valid") },
    act: (page) => typeNewPassword(page, "a-long-test-password"),
  },
  "welcome-done": {
    path: "/welcome/u/t",
    answers: { "auth/welcome/": reply({ username: "new.resident" }) },
    act: (page) => typeNewPassword(page, "a-long-test-password"),
  },
  "idle-warning": {
    path: "/analyses",
    session: aSession({ user: aUser(), idle_sign_out_minutes: 30 }),
    clock: true,
    act: async (page) => {
      await page.clock.fastForward("28:50");
      await page.getByTestId("idle-warning").waitFor();
    },
  },
  "session-ended": {
    path: "/",
    clock: true,
    answers: { "auth/session/": endsAfterFirst(30) },
    act: async (page) => {
      await page.getByText("One lymph node").or(page.getByText("一个淋巴结")).waitFor();
      await page.clock.fastForward("29:40");
      await page.getByTestId("session-ended").waitFor();
    },
  },
  programs: { path: "/programs", session: as(aUser()) },
};

/** A session that is there when the page opens and gone at the next look. */
function endsAfterFirst(minutes: number) {
  const seen = new WeakSet<Page>();
  return (route: Route) => {
    const where = route.request().frame().page();
    const user = seen.has(where) ? null : aUser();
    seen.add(where);
    return reply(aSession({ user, idle_sign_out_minutes: minutes }))(route);
  };
}
