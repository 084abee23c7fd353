import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import type { User } from "@/api/types";
import { roleOf } from "@/lib/roles";
import { renderInApp } from "@/testing/render";

import { LinkDialog } from "./components/LinkDialog";
import { NewUserDialog } from "./components/NewUserDialog";
import { UserActions } from "./components/UserActions";

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

const aListed = (change: Partial<User> = {}): User => ({
  id: "u1",
  username: "l.chen",
  email: "",
  roles: ["clinician"],
  is_superuser: false,
  is_active: true,
  has_password: true,
  second_factor_enabled: false,
  date_joined: "2026-01-02T08:00:00Z",
  last_login: null,
  ...change,
});

describe("the role that is shown", () => {
  it("is the one that says what the account may", () => {
    expect(roleOf(aListed({ roles: [] }))).toBe("clinician");
    expect(roleOf(aListed({ roles: ["clinician", "model_admin"] }))).toBe("model_admin");
    expect(roleOf(aListed({ roles: ["auditor", "model_admin"] }))).toBe("auditor");
    expect(roleOf(aListed({ roles: ["auditor"], is_superuser: true }))).toBe("site_admin");
  });
});

describe("UserActions", () => {
  async function disabled(user: User, self = false) {
    const nothing = vi.fn();
    renderInApp(
      <UserActions user={user} self={self} onRole={nothing} onLink={nothing} onChanged={nothing} />,
    );
    await userEvent.click(screen.getByRole("button"));
    const items = await screen.findAllByRole("menuitem");
    return Object.fromEntries(
      items.map((item) => [item.textContent, item.getAttribute("aria-disabled") === "true"]),
    );
  }

  it("nobody deactivates their own account, and a site admin's role is not on offer", async () => {
    const own = await disabled(aListed({ is_superuser: true }), true);
    expect(own).toEqual({ "Change role": true, "New password link": false, Deactivate: true });
  });

  it("an account that is off can only be switched on", async () => {
    expect(await disabled(aListed({ is_active: false }))).toEqual({ Activate: false });
  });
});

describe("NewUserDialog", () => {
  it("sends name and role, and says at the field that the name is taken", async () => {
    let body: unknown = null;
    server.use(
      http.post("*/api/v1/users/", async ({ request }) => {
        body = await request.json();
        return HttpResponse.json({ code: "username_taken", detail: "…" }, { status: 409 });
      }),
    );
    const onMade = vi.fn();
    renderInApp(<NewUserDialog onMade={onMade} onClose={vi.fn()} />);
    await userEvent.type(screen.getByLabelText("User name"), " l.chen ");
    await userEvent.click(screen.getByRole("radio", { name: /Auditor/ }));
    await userEvent.click(screen.getByRole("button", { name: "Make the account" }));
    expect(
      await screen.findByText("There is an account of this name already."),
    ).toBeInTheDocument();
    expect(body).toEqual({ username: "l.chen", roles: ["auditor"] });
    expect(onMade).not.toHaveBeenCalled();
  });
});

describe("LinkDialog", () => {
  it("shows the link under this page's own address, and what its use ends", async () => {
    const link = { path: "/welcome/u/t", url: "http://inner/", expires_at: "2026-11-27T14:02:00Z" };
    server.use(
      http.post("*/api/v1/users/u1/invite/", () => HttpResponse.json(link, { status: 201 })),
    );
    renderInApp(<LinkDialog user={aListed()} onClose={vi.fn()} />);
    expect(await screen.findByText(`${window.location.origin}/welcome/u/t`)).toBeInTheDocument();
    expect(screen.getByText(/open sessions and tokens end/)).toBeInTheDocument();
  });
});
