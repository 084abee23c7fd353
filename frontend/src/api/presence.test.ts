import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { aSession } from "@/testing/fixtures";

import { sessionRetrieve } from "./http";
import { lastSeen } from "./presence";

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

/** Asks for the session at a moment, after a sign of a person or without one; what the server was told. */
async function look({ touched }: { touched: boolean }): Promise<string | null> {
  let told: string | null = null;
  server.use(
    http.get("*/api/v1/auth/session/", ({ request }) => {
      told = request.headers.get("X-Background");
      return HttpResponse.json(aSession());
    }),
  );
  if (touched) window.dispatchEvent(new Event("pointerdown"));
  await sessionRetrieve({ throwOnError: true });
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
});
