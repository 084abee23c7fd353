import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { aSession, aUser } from "@/testing/fixtures";

import { pagesFor } from "./pages";
import { useEndedSession } from "./useEndedSession";

const MAY = aUser().may;
const names = (user: Parameters<typeof pagesFor>[0]) => pagesFor(user).map(({ name }) => name);

describe("navigation", () => {
  it("offers what the account may do, and no more", () => {
    expect(names(null)).toEqual(["new", "analyses", "models", "about"]);
    expect(names(aUser())).toEqual(["new", "analyses", "models", "about"]);
    const auditor = aUser({
      roles: ["auditor"],
      may: { ...MAY, read_everything: true, read_audit: true },
    });
    expect(names(auditor)).toEqual(["all_analyses", "models", "audit", "about"]);
    const chief = aUser({
      is_superuser: true,
      may: { ...MAY, manage_users: true, read_everything: true },
    });
    expect(names(chief)).toEqual(["new", "all_analyses", "models", "users", "settings", "about"]);
  });
});

describe("a session that ends by itself", () => {
  it("is known with its owner, and what the owner saw is forgotten", () => {
    const client = new QueryClient();
    client.setQueryData(["session"], aSession());
    client.setQueryData(["analyses", "one"], "an answer");
    const { result, rerender } = renderHook(({ user }) => useEndedSession(user), {
      initialProps: { user: aUser() as ReturnType<typeof aUser> | null },
      wrapper: ({ children }) => (
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      ),
    });
    expect(result.current).toEqual({ ended: null, isOther: false });
    act(() => {
      rerender({ user: null });
    });
    expect(result.current.ended?.username).toBe("l.chen");
    expect(client.getQueryData(["analyses", "one"])).toBeUndefined();
    expect(client.getQueryData(["session"])).toBeDefined();
    rerender({ user: aUser() });
    expect(result.current).toEqual({ ended: null, isOther: false });
    rerender({ user: aUser({ id: "somebody-else" }) });
    expect(result.current).toEqual({ ended: null, isOther: true });
  });

  it("never was, where nobody was signed in", () => {
    const { result } = renderHook(() => useEndedSession(null), {
      wrapper: ({ children }) => (
        <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
      ),
    });
    expect(result.current).toEqual({ ended: null, isOther: false });
  });
});
