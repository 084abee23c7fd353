import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { VersionState } from "@/api/types";
import { i18n } from "@/i18n";
import { ApiProblem, NetworkLost } from "@/lib/problem";
import { aModelAdmin, aSession, aUser } from "@/testing/fixtures";
import { aCheck, aMapAudit, aModelCard, anAnswering, aTextAudit } from "@/testing/modelFixtures";
import { renderInApp } from "@/testing/render";

import { possible } from "./actions";
import { CheckPanel } from "./components/CheckPanel";
import { UploadVersion } from "./components/UploadVersion";
import { VersionPage } from "./components/VersionPage";
import { findingsShown } from "./findings";
import { auditWarning } from "./mapAudit";
import { localNow, momentOf } from "./moments";
import { fileRefusal, refusalText } from "./refusals";

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

describe("what may be done with a version", () => {
  it.each<[VersionState, string[]]>([
    ["uploaded", ["retire"]],
    ["checking", []],
    ["checked", ["retire", "check", "compare", "activate"]],
    ["rejected", ["retire", "check"]],
    ["active", []],
    ["retired", []],
  ])("%s: %j", (state, actions) => {
    expect(possible({ state, modality: "2d" })).toEqual(actions);
  });
});

describe("a refused file", () => {
  it("is refused by its name before it is sent", () => {
    expect(fileRefusal({ name: "resnet.pt", size: 9 })?.code).toBe("pickle_refused");
    expect(fileRefusal({ name: "model.onnx", size: 9 })?.code).toBe("not_safetensors");
    expect(fileRefusal({ name: "m.safetensors", size: 0 })?.code).toBe("truncated");
    expect(fileRefusal({ name: "M.SAFETENSORS", size: 9 })).toBeNull();
  });

  it("is explained with what to do, and with the server's own sentence", () => {
    const refusal = refusalText(new ApiProblem(422, "wrong_hash", "It is abc."), i18n.t);
    expect(refusal.what).toContain("sha256 differs");
    expect(refusal.remedy).toContain("Copy the file");
    expect(refusal.detail).toBe("It is abc.");
  });

  it("is explained although the code is unknown, the status 413 or no answer came", () => {
    const strange = refusalText(new ApiProblem(422, "new_code", "Something new."), i18n.t);
    expect(strange).toEqual({ what: expect.stringContaining("new"), remedy: "", detail: null });
    expect(refusalText(new ApiProblem(413, "body_too_large", ""), i18n.t).what).toContain("larger");
    expect(refusalText(new NetworkLost(), i18n.t).what).toContain("cannot be reached");
  });
});

describe("the findings of a check", () => {
  it("are all announced while it runs, in the order of the work", () => {
    const shown = findingsShown(aCheck({ state: "running", findings: [] }), "2d");
    expect(shown).toHaveLength(13);
    expect(shown[0]).toEqual({ code: "file_readable" });
  });

  it("are those of a fusion where there is no network to try", () => {
    const codes = findingsShown(aCheck({ state: "waiting", findings: [] }), "fusion");
    expect(codes.map(({ code }) => code)).toContain("fusion_gain");
    expect(codes).toHaveLength(5);
    expect(possible({ state: "checked", modality: "fusion" })).not.toContain("compare");
  });

  it("put what blocks first once it has failed, and leave out what was not looked at", () => {
    const [first, second] = aCheck().findings;
    const failed = {
      code: "weights_hash",
      passed: false,
      blocking: true,
      detail: "",
      measured: null,
    };
    const findings = [first, second, failed].filter((one) => one !== undefined);
    const codes = findingsShown(aCheck({ state: "failed", findings }), "2d").map(
      ({ code }) => code,
    );
    expect(codes).toEqual(["weights_hash", "file_readable", "manifest_complete"]);
  });

  it("say what blocks activation", () => {
    const failed = {
      code: "golden_present",
      passed: false,
      blocking: true,
      detail: "The file carries no golden images.",
      measured: null,
    };
    const card = aModelCard("2d", {
      state: "rejected",
      check: aCheck({ state: "failed", findings: [failed] }),
    });
    renderInApp(<CheckPanel card={card} />);
    expect(screen.getByTestId("check-state")).toHaveTextContent(
      "Failed: 1 point blocks activation",
    );
    const finding = screen.getByText("Reference images are in the file").closest("li");
    expect(finding).toHaveTextContent("The file carries no golden images.");
    expect(finding).toHaveTextContent("Blocks activation");
  });
});

describe("the warning about maps", () => {
  it("is empty where the audit went well, and says what is not known", () => {
    expect(auditWarning({ map_audit: aMapAudit() }, i18n.t)).toBe("");
    expect(auditWarning({ map_audit: null }, i18n.t)).toContain("never measured");
    const unclear = aMapAudit({ verdict: "not_measured" });
    expect(auditWarning({ map_audit: unclear }, i18n.t)).toContain("could not tell");
  });
});

describe("a moment that one asks for", () => {
  it("is sent in UTC; half a date is not sent", () => {
    expect(momentOf("")).toBeNull();
    expect(momentOf("2026-13-40T00:00")).toBeNull();
    expect(momentOf("2026-11-24T14:02")).toBe(new Date(2026, 10, 24, 14, 2).toISOString());
    expect(momentOf(localNow(new Date(2026, 10, 24, 14, 2, 30)))).toBe(
      new Date(2026, 10, 24, 14, 2).toISOString(),
    );
  });
});

describe("the page of a version", () => {
  const checked = aModelCard("2d", {
    id: "candidate",
    name: "demo-2d-b",
    state: "checked",
    activated_at: null,
  });

  it("offers nothing to a clinician, and asks the server for nothing that is not theirs", () => {
    renderInApp(<VersionPage card={checked} may={aUser().may} />);
    expect(screen.getByRole("heading", { name: /demo-2d-b/ })).toBeVisible();
    expect(
      screen.queryByRole("button", { name: /Activate|Retire|Compare|Check again/ }),
    ).toBeNull();
    expect(screen.queryByTestId("events")).toBeNull();
  });

  it("says before activation what its maps do not show", async () => {
    const card = { ...checked, map_audit: aTextAudit() };
    server.use(
      http.get("*/api/v1/models/answering/", () => HttpResponse.json(anAnswering())),
      http.get("*/api/v1/models/candidate/", () => HttpResponse.json(card)),
      http.get("*/api/v1/models/candidate/events/", () => HttpResponse.json({ results: [] })),
      http.get("*/api/v1/comparisons/", () => HttpResponse.json({ results: [] })),
    );
    renderInApp(<VersionPage card={card} may={aModelAdmin().may} />, {
      session: aSession({ user: aModelAdmin() }),
    });
    const audit = screen.getByTestId("map-audit");
    expect(audit).toHaveTextContent("The maps follow the weights: yes");
    expect(audit).toHaveTextContent("Burned-in text does not move the answer: no");
    await userEvent.click(screen.getByRole("button", { name: "Activate" }));
    const dialog = await screen.findByRole("dialog");
    expect(
      await within(dialog).findByText(/failed: text burned into the image moves the answer/),
    ).toBeInTheDocument();
  });

  it("activates with a reason and says which version is replaced", async () => {
    const sent: unknown[] = [];
    server.use(
      http.get("*/api/v1/models/answering/", () => HttpResponse.json(anAnswering())),
      http.get("*/api/v1/models/candidate/", () => HttpResponse.json(checked)),
      http.get("*/api/v1/models/candidate/events/", () => HttpResponse.json({ results: [] })),
      http.get("*/api/v1/comparisons/", () => HttpResponse.json({ results: [] })),
      http.post("*/api/v1/models/candidate/activate/", async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ ...checked, state: "active" });
      }),
    );
    const session = aSession({ user: aModelAdmin() });
    renderInApp(<VersionPage card={checked} may={aModelAdmin().may} />, { session });
    await userEvent.click(screen.getByRole("button", { name: "Activate" }));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByText(/It replaces demo-2d/)).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole("button", { name: "Activate" }));
    expect(await within(dialog).findByText("Please say why.")).toBeInTheDocument();
    expect(sent).toEqual([]);
    await userEvent.click(within(dialog).getByLabelText("Why?"));
    await userEvent.paste(" Finds more lymphoma. ");
    await userEvent.click(within(dialog).getByRole("button", { name: "Activate" }));
    await expect.poll(() => sent).toEqual([{ reason: "Finds more lymphoma." }]);
  });
});

describe("the upload", () => {
  it("says what is wrong with the file and sends nothing", async () => {
    renderInApp(<UploadVersion onUploaded={() => undefined} />);
    const input = document.querySelector<HTMLInputElement>("input[type=file]");
    if (!input) throw new Error("no file field");
    await userEvent.upload(input, new File(["x"], "weights.pt"), { applyAccept: false });
    expect(await screen.findByRole("alert")).toHaveTextContent("This is a pickle");
    await userEvent.type(screen.getByLabelText("Why?"), "New recipe");
    await userEvent.click(screen.getByRole("button", { name: "Upload" }));
    expect(screen.getByRole("alert")).toHaveTextContent("This is a pickle");
  });

  it("asks for the file and checks the form of the sha256", async () => {
    renderInApp(<UploadVersion onUploaded={() => undefined} />);
    await userEvent.type(screen.getByLabelText(/sha256 of the file/), "abc");
    await userEvent.type(screen.getByLabelText("Why?"), "New recipe");
    await waitFor(() => {
      expect(screen.getByText(/has 64 characters/)).toBeVisible(); // it fades in
    });
    await userEvent.clear(screen.getByLabelText(/sha256 of the file/));
    await userEvent.click(screen.getByRole("button", { name: "Upload" }));
    expect(await screen.findByText("Please choose the file first.")).toBeVisible();
  });
});
