import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { SettingsShown } from "@/api/types";
import { aSession, aUser } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { OwnFirstRead } from "./components/OwnFirstRead";
import { SettingsForm } from "./components/SettingsForm";

const server = setupServer();
let sent: unknown[] = [];

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
beforeEach(() => {
  sent = [];
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

const SHOWN: SettingsShown = {
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

function show(change: Partial<SettingsShown["bounds"]> = {}) {
  server.use(
    http.get("*/api/v1/auth/session/", () => HttpResponse.json(aSession())),
    http.patch("*/api/v1/settings/", async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(SHOWN);
    }),
  );
  renderInApp(<SettingsForm shown={{ ...SHOWN, bounds: { ...SHOWN.bounds, ...change } }} />);
}

describe("the site's settings", () => {
  it("send what was changed, and nothing before", async () => {
    show();
    const save = screen.getByRole("button", { name: "Save the settings" });
    expect(save).toBeDisabled();
    await userEvent.click(screen.getByText("For everybody"));
    await userEvent.click(save);
    await screen.findByText("The settings are saved.");
    expect(sent).toEqual([{ first_read: "all" }]);
  });

  it("ask before cases are kept for a shorter time", async () => {
    show();
    await userEvent.type(screen.getByLabelText("Days"), "{selectall}90");
    await userEvent.click(screen.getByRole("button", { name: "Save the settings" }));
    const keep = await screen.findByRole("button", { name: "Keep no longer" }, { timeout: 8000 });
    expect(sent).toEqual([]);
    await userEvent.click(keep);
    await expect.poll(() => sent).toEqual([{ retention_days: 90 }]);
  });

  it("send that text is to stay, unless the server can't cover any", async () => {
    show();
    await userEvent.click(screen.getByRole("switch", { name: "Text in images is covered" }));
    await userEvent.click(screen.getByRole("button", { name: "Save the settings" }));
    await expect.poll(() => sent).toEqual([{ mask_text: false }]);
  });

  it("say that the server's own configuration covers no text", () => {
    show({ mask_text: false });
    const covered = screen.getByRole("switch", { name: "Text in images is covered" });
    expect(covered).toBeDisabled();
    expect(covered).not.toBeChecked();
    expect(screen.getByText(/MASK_TEXT/)).toBeVisible();
  });

  it("say what the server's own configuration has closed", () => {
    show({ anonymous_use: false });
    expect(screen.getByRole("switch", { name: /without an account/ })).toBeDisabled();
    expect(screen.getByText(/ALLOW_ANONYMOUS/)).toBeVisible();
    expect(screen.queryByText(/MASK_TEXT/)).toBeNull();
  });
});

describe("one's own first read", () => {
  const as = (mode: "off" | "choice" | "all") =>
    aSession({ user: aUser(), first_read: { mode, own: false } });

  it("is offered only where the site leaves it to each user", () => {
    renderInApp(<OwnFirstRead />, { session: as("choice") });
    expect(screen.getByRole("switch")).toBeEnabled();
  });

  it("is on and fixed where the site asks everybody, and not there where it asks nobody", () => {
    renderInApp(<OwnFirstRead />, { session: as("off") });
    expect(screen.queryByRole("switch")).toBeNull();
    renderInApp(<OwnFirstRead />, { session: as("all") });
    expect(screen.getByRole("switch")).toBeChecked();
    expect(screen.getByRole("switch")).toBeDisabled();
  });
});
