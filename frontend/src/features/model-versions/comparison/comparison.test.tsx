import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { formatPoints } from "@/lib/format";
import { aModelAdmin, aUser } from "@/testing/fixtures";
import { aComparedCase, aComparison, aModelCard } from "@/testing/modelFixtures";
import { renderInApp } from "@/testing/render";

import { isOpen } from "./api";
import { CasePair } from "./CasePair";
import { ComparisonView } from "./ComparisonView";
import { formatShare, formatTime, reachOf } from "./words";

const server = setupServer(
  http.get("*/api/v1/comparisons/:id/cases/", () =>
    HttpResponse.json({ next: null, previous: null, results: [aComparedCase()] }),
  ),
  http.get("*/api/v1/models/:id/", () => HttpResponse.json(aModelCard("2d", { state: "checked" }))),
);
beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
});
afterAll(() => {
  server.close();
});

describe("figures of a comparison", () => {
  it("calls all 100 and none 0, and nothing else", () => {
    expect(formatShare(1, "en")).toBe("100\u00a0%");
    expect(formatShare(0.999, "en")).toBe("99\u00a0%");
    expect(formatShare(0.001, "zh")).toBe("1%");
    expect(formatShare(0, "zh")).toBe("0%");
  });

  it("show times in milliseconds, so that a small difference is seen", () => {
    expect([21.4, 212, 12_400].map(formatTime)).toEqual([
      "21\u00a0ms",
      "212\u00a0ms",
      "12.4\u00a0s",
    ]);
  });

  it("draw shifts on a scale that fits them", () => {
    expect(reachOf(aComparison().shift)).toBe(0.5);
    expect(reachOf(null)).toBe(1);
  });

  it("carry the sign of a shift", () => {
    expect([0.061, -0.28, 0.004, -0.004].map(formatPoints)).toEqual(["+6", "−28", "±0", "±0"]);
  });

  it("are asked for again until the comparison has ended", () => {
    const states = ["queued", "running", "finished", "cancelled"] as const;
    expect(states.map((state) => isOpen({ state }))).toEqual([true, true, false, false]);
  });
});

describe("the page of a comparison", () => {
  const reader = { ...aUser().may, read_model_records: true };

  it("shows how often and where the answers differ, and that neither is the truth", async () => {
    renderInApp(<ComparisonView comparison={aComparison()} may={aModelAdmin().may} />);
    expect(screen.getByText("92 %")).toBeVisible();
    expect(screen.getByText("45 of 49 cases")).toBeVisible();
    expect(screen.getByText(/pathology is not known here/)).toBeVisible();
    const [row] = screen.getAllByRole("row", { name: "metastatic 0 3 20" });
    expect(row).toBeVisible();
    const pair = await screen.findByTestId("compared-case");
    const [before, after] = within(pair).getAllByRole("img");
    expect(before).toHaveAttribute("src", expect.stringContaining("answered/metastatic.png"));
    expect(after).toHaveAttribute("src", expect.stringContaining("candidate/lymphoma.png"));
    expect(await screen.findByRole("button", { name: "Activate the candidate" })).toBeVisible();
  });

  it("lets an auditor read and nothing more", () => {
    renderInApp(<ComparisonView comparison={aComparison({ state: "running" })} may={reader} />);
    expect(screen.queryByRole("button", { name: /Activate|Stop/ })).toBeNull();
  });

  it("can be stopped while it runs, and the candidate not activated before its end", () => {
    renderInApp(
      <ComparisonView comparison={aComparison({ state: "running" })} may={aModelAdmin().may} />,
    );
    expect(screen.getByRole("button", { name: "Stop comparing" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Activate the candidate" })).toBeNull();
  });

  it("says of a case what the candidate could not answer", () => {
    const item = aComparedCase({
      candidate: null,
      changed: null,
      cams: { ...aComparedCase().cams, candidate: null },
      failure: { code: "timed_out", detail: "It took too long." },
    });
    renderInApp(<CasePair item={item} map="own" candidate="demo-2d-b" />);
    expect(screen.getByTestId("pane-candidate")).toHaveTextContent("no answer (timed_out)");
  });

  it("sets what pathology found beside both answers", async () => {
    const outcome = { known: 12, answered_right: 8, candidate_right: 10 };
    renderInApp(<ComparisonView comparison={aComparison({ outcome })} may={reader} />);
    expect(screen.getByText("8 → 10")).toBeVisible();
    expect(screen.getByText("of 12 cases with known pathology")).toBeVisible();
    renderInApp(
      <CasePair item={aComparedCase({ outcome: "benign" })} map="own" candidate="demo-2d-b" />,
    );
    expect(screen.getByTestId("case-outcome")).toHaveTextContent("benign");
  });

  it("says where no evidence speaks for the class", () => {
    renderInApp(<CasePair item={aComparedCase()} map="benign" candidate="demo-2d-b" />);
    expect(screen.getByTestId("pane-answered")).toHaveTextContent("Nothing here speaks for benign");
  });
});
