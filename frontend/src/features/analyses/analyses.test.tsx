import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { ClassName } from "@/lib/taxonomy";
import { aPrediction, aSession, aWaitingPrediction, anAnalysis } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { ResultView } from "./components/ResultView";
import { nextPoll } from "./polling";
import { KEY_ACTIONS, panByKey, turned } from "./viewer/keys";
import { initialSettings, shownClass } from "./viewer/settings";

const show = (change: Parameters<typeof anAnalysis>[0] = {}, session = aSession()) =>
  renderInApp(
    <ResultView
      analysis={anAnalysis(change)}
      firstRead={<p>first your own read</p>}
      outcome={<p>what people say</p>}
      onDeleted={vi.fn()}
    />,
    { session },
  );

describe("an answer that is withheld", () => {
  const withheld = {
    first_read: "awaited",
    withheld: true,
    case_answer: null,
    predictions: [aPrediction("2d", { probabilities: null, cams: null })],
  } as const;

  it("leaves its place to the read, and offers no map", () => {
    show({ ...withheld, predictions: [...withheld.predictions] });
    expect(screen.getByText("first your own read")).toBeVisible();
    expect(screen.queryByTestId("case-answer")).toBeNull();
    expect(screen.queryByText("what people say")).toBeNull();
    expect(screen.queryByText("Map of")).toBeNull();
    expect(screen.getByText("Shown once the read is saved.")).toBeVisible();
  });

  it("is there once it is not", () => {
    show();
    expect(screen.queryByText("first your own read")).toBeNull();
    expect(screen.getByText("what people say")).toBeVisible();
  });
});

describe("an answer that something speaks against", () => {
  const strange = { code: "unlike_training", detail: "in the server's words" } as const;
  const predictions = [aPrediction("2d", { flags: [strange] }), aPrediction("cdfi")];

  it("comes after the reason and one click, and keeps its mark", async () => {
    show({ predictions });
    expect(screen.getByTestId("gate")).toHaveTextContent("computer-made images only");
    expect(screen.queryByTestId("case-answer")).toBeNull();
    expect(screen.queryByText("what people say")).toBeNull();
    expect(screen.queryByText("Map of")).toBeNull();
    expect(screen.getAllByText("Shown after you have read why to doubt it.")).toHaveLength(2);
    await userEvent.click(screen.getByRole("button", { name: "Show the answer" }));
    expect(screen.queryByTestId("gate")).toBeNull();
    expect(screen.getByTestId("case-answer")).toBeVisible();
    expect(screen.getByTestId("card-2d")).toHaveTextContent("computer-made images only");
  });

  it("stands beside its reason where the site wants it so", () => {
    show({ predictions }, aSession({ gate_policy: "beside" }));
    expect(screen.queryByTestId("gate")).toBeNull();
    expect(screen.getByTestId("case-answer")).toBeVisible();
    expect(screen.getByTestId("card-2d")).toHaveTextContent("computer-made images only");
  });

  it("is no reason to wait where a weakness is only named", () => {
    const weak = {
      code: "known_weakness",
      detail: "",
      class_name: "lymphoma",
      recall: 0.48,
    } as const;
    show({ predictions: [aPrediction("2d", { flags: [weak] })] });
    expect(screen.getByTestId("case-answer")).toBeVisible();
    expect(screen.getByTestId("card-2d")).toHaveTextContent("found 48 % of the lymphoma nodes");
  });
});

describe("a set of classes", () => {
  const shown = (names: ClassName[]) => {
    show({
      predictions: [aPrediction("2d", { calibrated: true, prediction_set: names, set_level: 90 })],
      case_answer: {
        probabilities: { benign: 0.06, lymphoma: 0.4, metastatic: 0.54 },
        method: "product_of_experts",
        fusion_version: null,
        conflict: false,
        prediction_set: names,
        set_level: 90,
      },
    });
    return screen.getByTestId("case-headline");
  };

  it("names one class with its number", () => {
    expect(shown(["metastatic"])).toHaveTextContent(/^metastatic54 %.*90 % level/);
  });

  it("names two, the more probable first, without a number", () => {
    expect(shown(["lymphoma", "metastatic"])).toHaveTextContent(/^metastaticorlymphoma/);
  });

  it("cannot say where all three are left, and says when none fits", () => {
    expect(shown(["benign", "lymphoma", "metastatic"])).toHaveTextContent(/^Cannot say/);
  });

  it("says when no class fits", () => {
    expect(shown([])).toHaveTextContent(/^None of the classes fits/);
  });
});

describe("polling", () => {
  it("looks every 150 ms for 3 s, then every second, and stops at the end", () => {
    expect(nextPoll("queued", 0)).toBe(150);
    expect(nextPoll("running", 2999)).toBe(150);
    expect(nextPoll("running", 3000)).toBe(1000);
    for (const state of ["succeeded", "partial", "failed", "cancelled"] as const) {
      expect(nextPoll(state, 0)).toBe(false);
    }
    expect(nextPoll("succeeded", 5000, { checking: true })).toBe(1000);
    expect(nextPoll("succeeded", 60_000, { checking: true })).toBe(false);
  });

  it("looks less often behind a long queue, and at least every five seconds", () => {
    expect(nextPoll("queued", 0, { position: 1 })).toBe(150);
    expect(nextPoll("queued", 0, { position: 10 })).toBe(500);
    expect(nextPoll("queued", 9000, { position: 10 })).toBe(1000);
    expect(nextPoll("queued", 9000, { position: 60 })).toBe(3000);
    expect(nextPoll("queued", 0, { position: 1000 })).toBe(5000);
  });
});

describe("viewer settings", () => {
  it("show each image's own answer until a class is chosen", () => {
    const answer = { benign: 0.1, lymphoma: 0.7, metastatic: 0.2 };
    expect(shownClass("own", answer)).toBe("lymphoma");
    expect(shownClass("benign", answer)).toBe("benign");
    expect(shownClass("own", null)).toBeNull();
  });

  it("follow the keys", () => {
    const start = initialSettings();
    expect(KEY_ACTIONS["3"]?.(start).choice).toBe("metastatic");
    expect(KEY_ACTIONS["m"]?.(start).mode).toBe("map");
    expect(KEY_ACTIONS["["]?.(start).opacity).toBeCloseTo(0.5);
    expect(KEY_ACTIONS["."]?.(start).threshold).toBeCloseTo(0.05);
    expect(KEY_ACTIONS[","]?.(start).threshold).toBe(0);
    expect(KEY_ACTIONS["r"]?.(start).outline).toBe(false);
    expect(KEY_ACTIONS["s"]?.(start).layout).toBe("one");
    expect(turned(-1, 3)(start).shown).toBe(2);
    const closer = KEY_ACTIONS["+"]?.(start) ?? start;
    expect(closer.viewport.scale).toBeGreaterThan(1);
    expect(panByKey(closer, "ArrowLeft").viewport.x).toBeGreaterThan(closer.viewport.x);
  });
});

describe("ResultView", () => {
  it("names class, number, votes, versions and what it must not be used for", () => {
    show();
    expect(screen.getByTestId("case-headline")).toHaveTextContent(/metastatic\s*80\s%/);
    expect(screen.getByTestId("votes")).toHaveTextContent("They agree");
    const answer = screen.getByTestId("case-answer");
    expect(answer).toHaveTextContent("Research use only: not for diagnosis");
    expect(answer).toHaveTextContent("trained on synthetic images");
    const card = within(screen.getByTestId("card-2d"));
    expect(card.getByRole("link", { name: "demo-2d" })).toHaveAttribute(
      "href",
      "/models/version-2d",
    );
    expect(card.getByRole("button", { name: "SYNTHETIC" })).toBeVisible();
    expect(screen.getByTestId("announcer")).toHaveTextContent(/Answer: metastatic, 80/);
  });

  it("keeps three cards in the order of the slots, whatever the server's order", () => {
    const order = ["elastography", "2d", "cdfi"] as const;
    show({ predictions: order.map((modality) => aPrediction(modality)) });
    const cards = screen.getAllByRole("article").map((card) => card.dataset.testid);
    expect(cards).toEqual(["card-2d", "card-cdfi", "card-elastography"]);
  });

  it("shows the images and the place in the queue before there is an answer", () => {
    show({
      state: "queued",
      case_answer: null,
      finished_at: null,
      queue_position: 2,
      predictions: [aWaitingPrediction("2d", "queued")],
    });
    expect(screen.getByText("2nd in the queue")).toBeVisible();
    expect(screen.getByRole("img", { name: "2D grey-scale image" })).toHaveAttribute(
      "src",
      "/api/v1/predictions/prediction-2d/image.png",
    );
    expect(screen.getByRole("button", { name: /Cancel/ })).toBeVisible();
    expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
  });

  it("says in words that the images disagree", () => {
    show({
      case_answer: {
        probabilities: { benign: 0.1, lymphoma: 0.3, metastatic: 0.6 },
        method: "log_mean",
        fusion_version: null,
        conflict: true,
        prediction_set: null,
        set_level: null,
      },
    });
    expect(screen.getByTestId("votes")).toHaveTextContent("They disagree");
    expect(screen.getByTestId("announcer")).toHaveTextContent("The images disagree.");
  });

  it("keeps a failed image in its place with reason and remedy, and the others' answers", () => {
    const failed = aPrediction("elastography", {
      state: "failed",
      failure: { code: "model_unavailable", detail: "" },
      probabilities: null,
      cams: null,
    });
    show({ state: "partial", predictions: [aPrediction("2d"), failed] });
    const card = screen.getByTestId("card-elastography");
    expect(card).toHaveTextContent("No model for Elastography is active.");
    expect(card).toHaveTextContent("An administrator can activate one");
    expect(screen.getByTestId("case-headline")).toBeVisible();
  });

  it("shows the server's own words for a failure it does not know", () => {
    const failed = aPrediction("2d", {
      state: "failed",
      failure: { code: "cosmic_ray", detail: "A bit flipped." },
      probabilities: null,
    });
    show({ state: "failed", case_answer: null, predictions: [failed] });
    expect(screen.getByTestId("failure")).toHaveTextContent("A bit flipped.");
  });

  it("says when nothing in an image speaks for the chosen class", async () => {
    show();
    await userEvent.keyboard("1");
    expect(screen.getAllByText("Nothing here speaks for benign")).toHaveLength(3);
  });

  it("outlines the region that was used and names frame and size, until the key hides it", async () => {
    const cropped = { region: [10, 20, 128, 96] as [number, number, number, number] };
    const film = { frame: 20, frame_count: 41 };
    show({ predictions: [aPrediction("2d", { ...cropped, ...film }), aPrediction("cdfi")] });
    const card = within(screen.getByTestId("card-2d"));
    expect(card.getByTestId("region")).toBeInTheDocument();
    expect(card.getByText("frame 21 of 41 · region used: 128 × 96")).toBeVisible();
    expect(within(screen.getByTestId("card-cdfi")).queryByTestId("region")).toBeNull();
    await userEvent.keyboard("r");
    expect(card.queryByTestId("region")).toBeNull();
  });

  it("shows one image large, the next one by a key, and all again", async () => {
    show();
    await userEvent.keyboard("s");
    expect(screen.getAllByRole("article")).toHaveLength(1);
    await userEvent.keyboard("n");
    expect(screen.getByRole("tab", { selected: true })).toHaveTextContent("CDFI");
    await userEvent.keyboard("s");
    expect(screen.getAllByRole("article")).toHaveLength(3);
  });

  it("lists every key that acts", async () => {
    show();
    await userEvent.keyboard("?");
    const shown = [...screen.getByRole("dialog").querySelectorAll("kbd")].map((key) =>
      (key.textContent ?? "").replace("−", "-").toLowerCase(),
    );
    const others = ["=", "f", "n", "?"]; // "=" is "+" without Shift
    for (const key of Object.keys(KEY_ACTIONS)) {
      if (!others.includes(key)) expect(shown).toContain(key);
    }
    expect(shown).toEqual(expect.arrayContaining(["f", "n", "?"]));
  });

  it("asks before it deletes", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: /Delete/ }));
    expect(await screen.findByRole("dialog")).toHaveTextContent("Delete this analysis?");
  });
});
