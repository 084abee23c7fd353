import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { ANALYSIS_ID, anAnalysis, aSession, aUser } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { FirstRead } from "./components/FirstRead";
import { OutcomeStrip } from "./components/OutcomeStrip";

const server = setupServer();
const ADDRESS = `*/api/v1/analyses/${ANALYSIS_ID}`;
const session = aSession({ user: aUser() });
const said = { created_at: "2026-11-24T14:05:00Z", author: "l.chen" };

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterEach(() => {
  server.resetHandlers();
});
afterAll(() => {
  server.close();
});

describe("the first read", () => {
  const withheld = anAnalysis({ owner: "l.chen", withheld: true, case_answer: null });

  it("is sent only with a class and a confidence", async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(`${ADDRESS}/read/`, async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ first_read: "saved", read: null, verdicts: [] });
      }),
    );
    renderInApp(<FirstRead analysis={withheld} />, { session });
    const save = screen.getByRole("button", { name: "Save and show the answer" });
    expect(save).toBeDisabled();
    await userEvent.click(screen.getByText("lymphoma"));
    expect(save).toBeDisabled();
    await userEvent.click(screen.getByText("unsure"));
    await userEvent.click(save);
    expect(sent).toEqual([{ class: "lymphoma", confidence: "low" }]);
  });

  it("is the owner's alone", () => {
    const other = aSession({ user: aUser({ username: "k.audit" }) });
    renderInApp(<FirstRead analysis={withheld} />, { session: other });
    expect(screen.queryByRole("button", { name: "Save and show the answer" })).toBeNull();
    expect(screen.getByText(/once the owner of this case/)).toBeVisible();
  });
});

describe("what people say of a case", () => {
  const answers = (reading: object, entries: object[] = []) => {
    server.use(
      http.get(`${ADDRESS}/read/`, () => HttpResponse.json(reading)),
      http.get(`${ADDRESS}/pathology/`, () => HttpResponse.json({ entries })),
    );
  };

  it("names the read that differs, the latest verdict and the latest pathology", async () => {
    answers(
      {
        first_read: "saved",
        read: { id: "r", ...said, class: "lymphoma", confidence: "medium" },
        verdicts: [
          { id: "v", ...said, agrees: false, class: "benign", reason: "hilum" },
          { id: "u", ...said, agrees: true, class: "metastatic", reason: "" },
        ],
      },
      [
        { id: "q", ...said, class: "benign", reported_on: "2026-12-02", note: "" },
        { id: "p", ...said, class: "lymphoma", reported_on: "2026-12-01", note: "" },
      ],
    );
    renderInApp(<OutcomeStrip analysis={anAnalysis()} />, { session });
    expect(await screen.findByTestId("own-read")).toHaveTextContent(/lymphoma.*model differs/);
    expect(screen.getByTestId("verdict")).toHaveTextContent(/overridden:.*benign.*hilum/);
    expect(await screen.findByTestId("pathology")).toHaveTextContent(/benign.*2026-12-02/);
  });

  it("offers an auditor nothing to change", async () => {
    answers({ first_read: "not_asked", read: null, verdicts: [] });
    const auditor = aSession({ user: aUser({ roles: ["auditor"] }) });
    renderInApp(<OutcomeStrip analysis={anAnalysis()} />, { session: auditor });
    expect(await screen.findByText("not known")).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });
});
