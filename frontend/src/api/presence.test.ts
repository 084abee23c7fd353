import { QueryClient } from "@tanstack/react-query";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { aSession, aUser } from "@/testing/fixtures";

import { tokensList } from "./http";
import { lastSeen } from "./presence";
import { sessionQuery } from "./session";

const server = setupServer();
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterEach(() => {
  vi.useRealTimers();
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

/** Asks for something, after a sign of a person or without one; what the server was told. */
async function look({ touched }: { touched: boolean }): Promise<string | null> {
  let told: string | null = null;
  server.use(
    http.get("*/api/v1/tokens/", ({ request }) => {
      told = request.headers.get("X-Background");
      return HttpResponse.json([]);
    }),
  );
  if (touched) window.dispatchEvent(new Event("pointerdown"));
  await tokensList({ throwOnError: true });
  return told;
}

describe("presence", () => {
  it("a request after a click counts; one the page makes by itself says so and does not", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    const before = lastSeen();
    expect(await look({ touched: false })).toBe("1");
    expect(lastSeen()).toBe(before);
    expect(await look({ touched: true })).toBeNull();
    expect(lastSeen()).toBe(Date.now());
  });

  it("a look at a session that is gone is no sign of it", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
    const before = lastSeen();
    let user: ReturnType<typeof aUser> | null = null;
    server.use(http.get("*/api/v1/auth/session/", () => HttpResponse.json(aSession({ user }))));
    const client = new QueryClient();
    const look = () => client.fetchQuery({ ...sessionQuery, staleTime: 0 });
    window.dispatchEvent(new Event("keydown"));
    await look();
    expect(lastSeen()).toBe(before);
    user = aUser();
    await look();
    expect(lastSeen()).toBe(Date.now());
  });
});
