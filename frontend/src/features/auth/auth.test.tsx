import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { csrfRemember, csrfToken } from "@/api/csrf";
import { sessionQuery } from "@/api/session";
import { aSession, aUser } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { SecondFactorNotice } from "./components/SecondFactorNotice";
import { SignInForm } from "./components/SignInForm";
import { WelcomeForm } from "./components/WelcomeForm";
import { endedIdle, idleState, presenceDue } from "./idle";
import { scopesFor } from "./scopes";

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

const problem = (status: number, code: string, more: object = {}, headers = {}) =>
  HttpResponse.json({ status, code, detail: code, ...more }, { status, headers });

describe("idle sign-out", () => {
  const MINUTE = 60_000;

  it("warns in the last minute, and is over before the server's own time is", () => {
    expect(idleState(0, 30, 0).phase).toBe("calm");
    expect(idleState(0, 30, 28 * MINUTE).phase).toBe("calm");
    const warned = idleState(0, 30, 28.9 * MINUTE);
    expect(warned.phase).toBe("warning");
    expect(warned.secondsLeft).toBeLessThanOrEqual(60);
    expect(idleState(0, 30, 29.5 * MINUTE)).toEqual({ phase: "over", secondsLeft: 0 });
  });

  it("leaves half of a very short time without a warning", () => {
    expect(idleState(0, 1, 0.4 * MINUTE).phase).toBe("calm");
    expect(idleState(0, 1, 0.6 * MINUTE).phase).toBe("warning");
  });

  it("tells the server of a reader often enough to keep the session", () => {
    expect(presenceDue(0, 30, MINUTE)).toBe(false);
    expect(presenceDue(0, 30, 2 * MINUTE)).toBe(true);
  });

  it("is named as the reason only when that much time has passed", () => {
    expect(endedIdle(0, 30, 29.5 * MINUTE)).toBe(true);
    expect(endedIdle(0, 30, 10 * MINUTE)).toBe(false);
    expect(endedIdle(0, 0, 1000 * MINUTE)).toBe(false);
  });
});

describe("scopes on offer", () => {
  it("are what the role allows", () => {
    expect(scopesFor(aUser())).toEqual(["analyses:read", "analyses:write"]);
    const may = { ...aUser().may, read_everything: true, read_model_records: true };
    expect(scopesFor(aUser({ roles: ["auditor"], may }))).toEqual(["analyses:read", "models:read"]);
  });
});

describe("SignInForm", () => {
  /** Signs in on a server where the account has a second factor. */
  async function signInWithCode(code: string) {
    const bodies: Record<string, string>[] = [];
    server.use(
      http.get("*/api/v1/auth/session/", () => HttpResponse.json(aSession())),
      http.post("*/api/v1/auth/login/", async ({ request }) => {
        const body = (await request.json()) as Record<string, string>;
        bodies.push(body);
        if (!body.code) return problem(401, "second_factor_required");
        if (body.code !== "123 456") return problem(401, "wrong_code");
        return HttpResponse.json(aSession({ user: aUser(), csrf_token: "after" }));
      }),
    );
    csrfRemember("before");
    const onSignedIn = vi.fn();
    const { client } = renderInApp(<SignInForm onSignedIn={onSignedIn} />);
    client.setQueryData(["analyses", "list"], "of nobody");
    const user = userEvent.setup();
    await user.type(screen.getByLabelText("User name"), "l.chen");
    await user.type(screen.getByLabelText("Password"), "secret words");
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await user.type(await screen.findByLabelText("Code"), code);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    return { bodies, client, onSignedIn };
  }

  it("asks for the code in a second step and sends all three; other data is forgotten", async () => {
    const { bodies, client, onSignedIn } = await signInWithCode("123 456");
    await waitFor(() => {
      expect(onSignedIn).toHaveBeenCalled();
    });
    const credentials = { username: "l.chen", password: "secret words" };
    expect(bodies).toEqual([credentials, { ...credentials, code: "123 456" }]);
    expect(csrfToken()).toBe("after");
    expect(client.getQueryData(["analyses", "list"])).toBeUndefined();
    expect(client.getQueryData(sessionQuery.queryKey)?.user?.username).toBe("l.chen");
  });

  it("stays at the code when it is wrong", async () => {
    const { onSignedIn } = await signInWithCode("000000");
    expect(await screen.findByRole("alert")).toHaveTextContent("This code is not right");
    expect(screen.getByLabelText("Code")).toBeVisible();
    expect(onSignedIn).not.toHaveBeenCalled();
  });

  it("says how long to wait after too many attempts", async () => {
    server.use(
      http.post("*/api/v1/auth/login/", () =>
        problem(429, "throttled", {}, { "Retry-After": "300" }),
      ),
    );
    renderInApp(<SignInForm username="l.chen" onSignedIn={vi.fn()} />);
    await userEvent.type(screen.getByLabelText("Password"), "x");
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Wait 5 minutes");
  });
});

describe("WelcomeForm", () => {
  async function choose(password: string, repeat = password) {
    const onDead = vi.fn();
    const onChosen = vi.fn();
    renderInApp(<WelcomeForm uid="u" token="t" onChosen={onChosen} onDead={onDead} />);
    await userEvent.type(screen.getByLabelText("New password"), password);
    await userEvent.type(screen.getByLabelText("New password again"), repeat);
    await userEvent.click(screen.getByRole("button", { name: "Save the password" }));
    return { onDead, onChosen };
  }

  it("shows every reason of the server's rules, a rule unknown here in its own words", async () => {
    const password = [
      { code: "password_too_short", detail: "…" },
      { code: "rule_of_this_hospital", detail: "Needs a fish." },
    ];
    server.use(
      http.post("*/api/v1/auth/welcome/", () =>
        problem(422, "weak_password", { errors: { password } }),
      ),
    );
    await choose("12345");
    expect(await screen.findByText("It is too short: at least 8 characters.")).toBeInTheDocument();
    expect(screen.getByText("Needs a fish.")).toBeInTheDocument();
  });

  it("says when the link is over", async () => {
    server.use(http.post("*/api/v1/auth/welcome/", () => problem(404, "link_not_valid")));
    const { onDead } = await choose("long enough words");
    await waitFor(() => {
      expect(onDead).toHaveBeenCalled();
    });
  });

  it("sends nothing while the two differ", async () => {
    const { onChosen } = await choose("long enough words", "others");
    await waitFor(() => {
      expect(screen.getByText("The two are not the same.")).toBeVisible(); // it fades in
    });
    expect(onChosen).not.toHaveBeenCalled();
  });
});

describe("SecondFactorNotice", () => {
  it("leads to the set-up only who needs it and lacks it", () => {
    const notice = (second_factor: { enabled: boolean; required: boolean }) => {
      const { unmount } = renderInApp(<SecondFactorNotice />, {
        session: aSession({ user: aUser({ second_factor }) }),
      });
      const link = screen.queryByRole("link")?.getAttribute("href") ?? null;
      unmount();
      return link;
    };
    expect(notice({ enabled: false, required: true })).toBe("/account#second-factor");
    expect(notice({ enabled: true, required: true })).toBeNull();
    expect(notice({ enabled: false, required: false })).toBeNull();
  });
});
