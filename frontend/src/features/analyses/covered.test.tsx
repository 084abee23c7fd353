import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderHook, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { PropsWithChildren } from "react";
import { describe, expect, it, vi } from "vitest";

import type { Prediction } from "@/api/types";
import { aPrediction, anAnalysis } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { ResultView } from "./components/ResultView";
import { keepOwnPictures, needsOwnPictures, usePictureOf } from "./ownPictures";

const show = (change: Parameters<typeof anAnalysis>[0]) =>
  renderInApp(
    <ResultView
      analysis={anAnalysis(change)}
      firstRead={null}
      outcome={null}
      onDeleted={vi.fn()}
    />,
  );

describe("an image whose text is covered", () => {
  const pending = () => aPrediction("2d", { masking: "pending", image: null });
  const done = () => aPrediction("2d", { masking: "done", masked_boxes: 3 });

  it("is not there before: the page says why, and shows no broken picture", () => {
    show({ state: "running", predictions: [{ ...pending(), state: "running" }] });
    expect(screen.getByText(/being covered: nobody can see it before/)).toBeVisible();
    expect(screen.queryByRole("img", { name: "2D grey-scale image" })).toBeNull();
  });

  it("says how many places, and why", async () => {
    show({ predictions: [done()] });
    const note = screen.getByTestId("covered-text");
    expect(note).toHaveTextContent("3 places with text were covered before anyone could see them.");
    await userEvent.click(within(note).getByRole("button", { name: "why?" }));
    expect(
      await screen.findByText(/before a person or a model sees the image/),
    ).toBeInTheDocument();
  });

  it("says nothing where nothing was found", () => {
    show({ predictions: [aPrediction("2d", { masking: "done" })] });
    expect(screen.queryByTestId("covered-text")).toBeNull();
  });

  it("was never seen when it was deleted before", () => {
    show({ predictions: [aPrediction("2d", { masking: "dropped", image: null })] });
    expect(screen.getByText(/deleted before its text was covered/)).toBeVisible();
  });

  it.each([
    { kept: true, shownThen: "/api/v1/predictions/prediction-2d/image.png" },
    { kept: false, shownThen: "blob:own" },
  ])("is shown by the page that sent it until then (kept: $kept)", ({ kept, shownThen }) => {
    const analysis = anAnalysis({ images_kept: kept, predictions: [pending()] });
    expect(needsOwnPictures(analysis)).toBe(true);
    const client = new QueryClient();
    keepOwnPictures(client, analysis, { "2d": "blob:own" });
    const wrapper = ({ children }: PropsWithChildren) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    );
    const pictureOf = (prediction: Prediction) =>
      renderHook(() => usePictureOf(prediction), { wrapper }).result.current;
    expect(pictureOf(pending())).toBe("blob:own");
    expect(pictureOf(done())).toBe(shownThen);
  });

  it("needs no picture of the page's own where the server shows one at once", () => {
    expect(needsOwnPictures(anAnalysis())).toBe(false);
  });
});
