import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import type { Prediction } from "@/api/types";
import { aPrediction, anAnalysis } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { ResultView } from "./components/ResultView";
import { around, burnedInPlaces } from "./viewer/burnedIn";

const SIZE = { width: 1000, height: 500 };
type Boxes = NonNullable<Prediction["text_check"]>["boxes"];
const checked = (boxes: Boxes) =>
  aPrediction("2d", {
    ...SIZE,
    text_check: { state: "done", boxes, reliance: 0.02, attention: null },
  });
const FOUND: Boxes = { text: [[10, 20, 100, 30]], callipers: [[500, 250, 9, 9]], bars: [] };

const show = (...predictions: Prediction[]) =>
  renderInApp(
    <ResultView
      analysis={anAnalysis({ predictions })}
      firstRead={null}
      outcome={null}
      onDeleted={vi.fn()}
    />,
  );

const SWITCH = { name: "Outline text, callipers and colour bars" };

describe("outlines of what is burned in", () => {
  it("lie around the boxes, in pixels of the image, and end at its edges", () => {
    expect(around({ x: 100, y: 100, width: 50, height: 20 }, SIZE)).toEqual({
      x: 94,
      y: 94,
      width: 62,
      height: 32,
    });
    expect(around({ x: 2, y: 490, width: 998, height: 10 }, SIZE)).toEqual({
      x: 0,
      y: 484,
      width: 1000,
      height: 16,
    });
  });

  it("name only the kinds that were found", () => {
    expect(burnedInPlaces(checked(FOUND), SIZE).map(({ kind }) => kind)).toEqual([
      "text",
      "callipers",
    ]);
    expect(burnedInPlaces(checked(null), SIZE)).toEqual([]);
    expect(burnedInPlaces(aPrediction("2d"), SIZE)).toEqual([]);
  });

  it("are off until asked for, drawn in the image's own pixels, and stay on", async () => {
    const { unmount } = show(checked(FOUND));
    expect(screen.queryByTestId("burned-in")).toBeNull();
    await userEvent.click(screen.getByRole("button", SWITCH));
    const drawn = screen.getByTestId("burned-in");
    expect(drawn).toHaveAttribute("viewBox", "0 0 1000 500");
    expect(drawn.querySelectorAll("[data-kind=text], [data-kind=callipers]")).toHaveLength(2);
    expect(drawn.parentElement).toBe(screen.getByRole("img", { name: /2D/ }).parentElement);
    unmount();
    show(checked(FOUND));
    expect(screen.getByTestId("burned-in")).toBeInTheDocument();
    expect(screen.getByRole("button", SWITCH)).toHaveAttribute("aria-pressed", "true");
  });

  it("are turned on by the sentence about them, and by a key", async () => {
    show(checked(FOUND));
    const note = within(screen.getByTestId("text-check-2d"));
    expect(note.getByText("text: 1")).toBeVisible();
    await userEvent.click(note.getByRole("button", { name: "show on the image" }));
    expect(screen.getByTestId("burned-in")).toBeInTheDocument();
    await userEvent.keyboard("t");
    expect(screen.queryByTestId("burned-in")).toBeNull();
  });

  it("are not offered where nothing was found", () => {
    show(checked({ text: [], callipers: [], bars: [] }), aPrediction("cdfi"));
    expect(screen.queryByRole("button", SWITCH)).toBeNull();
    expect(screen.queryByRole("button", { name: "show on the image" })).toBeNull();
  });
});
