import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { useState } from "react";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { AuditEvent } from "@/api/types";
import { en } from "@/i18n/en";
import { renderInApp } from "@/testing/render";

import { ACTIONS } from "./actions";
import { AuditLog } from "./components/AuditLog";

import { EVERYTHING, exportUrl } from ".";

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

const aLine = (change: Partial<AuditEvent> = {}): AuditEvent => ({
  id: "e1",
  created_at: "2026-11-24T14:02:00Z",
  action: "result_viewed",
  actor_kind: "account",
  actor_name: "l.chen",
  actor_id: "u1",
  object_kind: "analysis",
  object_id: "0a1b2c3d-0000-4000-8000-000000000000",
  detail: "",
  address: "10.0.0.7",
  request_id: "r1",
  ...change,
});

function Log() {
  const [question, setQuestion] = useState(EVERYTHING);
  return <AuditLog question={question} onChange={setQuestion} />;
}

/** Answers with these lines, and tells what was asked. */
function answering(lines: AuditEvent[]): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get("*/api/v1/audit/", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({ next: null, previous: null, results: lines });
    }),
  );
  return asked;
}

describe("AuditLog", () => {
  it("says who did what to which object and from where", async () => {
    answering([
      aLine(),
      aLine({ id: "e2", actor_kind: "anonymous", actor_name: "", action: "report_exported" }),
      aLine({
        id: "e3",
        actor_kind: "server",
        actor_name: "",
        action: "lines_expired",
        object_kind: "",
        object_id: null,
        detail: "12",
        address: "",
      }),
    ]);
    renderInApp(<Log />);
    const [viewed, exported, expired] = await screen.findAllByTestId("audit-line");
    if (!viewed || !exported || !expired) throw new Error("three lines");
    expect(viewed).toHaveTextContent("l.chenViewed a resultAnalysis 0a1b2c3d10.0.0.7");
    expect(within(viewed).getByRole("link")).toHaveAttribute(
      "href",
      "/analyses/0a1b2c3d-0000-4000-8000-000000000000",
    );
    expect(exported).toHaveTextContent("Anonymous ownerExported a report");
    expect(expired).toHaveTextContent("The serverOld lines of this log were removed12——");
  });

  it("asks the server for a name, and says when nothing answers to it", async () => {
    const asked = answering([]);
    renderInApp(<Log />);
    expect(await screen.findByText("No line answers to this.")).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText("Search a name"), " chen ");
    await expect.poll(() => asked.at(-1)?.get("actor")).toBe("chen");
  });

  it("says why the log could not be fetched", async () => {
    server.use(
      http.get("*/api/v1/audit/", () =>
        HttpResponse.json({ code: "wrong_role", detail: "…" }, { status: 403 }),
      ),
    );
    renderInApp(<Log />);
    expect(await screen.findByText("The audit log could not be loaded.")).toBeInTheDocument();
  });
});

describe("the export", () => {
  it("asks for what the page shows", () => {
    expect(exportUrl(EVERYTHING)).toBe("/api/v1/audit/events.csv");
    const url = new URL(exportUrl({ action: "signed_in", actor: "l c", days: 7 }), "http://x");
    expect(url.searchParams.get("action")).toBe("signed_in");
    expect(url.searchParams.get("actor")).toBe("l c");
    const days =
      (Date.now() - Date.parse(url.searchParams.get("created_after") ?? "")) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
  });
});

describe("the actions on offer", () => {
  it("are all that there are words for", () => {
    expect([...ACTIONS].sort()).toEqual(Object.keys(en.audit.action).sort());
  });
});
