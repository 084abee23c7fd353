import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import type { Prediction } from "@/api/types";
import { aPrediction, anAnalysis } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { ResultView } from "./components/ResultView";
import { memberCount } from "./trust/spread";

const show = (change: Partial<Prediction>) =>
  renderInApp(
    <ResultView
      analysis={anAnalysis({ predictions: [aPrediction("2d", change)] })}
      firstRead={null}
      outcome={null}
      onDeleted={vi.fn()}
    />,
  );

const model_version = {
  id: "folds",
  name: "five folds",
  architecture: "ensemble:5:resnet152",
  synthetic: false,
};
const range = (low: number, high: number) => ({ low, high });

describe("an ensemble's members", () => {
  it("are counted from the architecture's name", () => {
    expect(memberCount("ensemble:12:timm:x")).toBe(12);
    expect(memberCount("resnet152")).toBe(1);
  });

  it("disagree in words about the named class, and by a line on each bar", () => {
    const spread = {
      benign: range(0.03, 0.16),
      lymphoma: range(0.09, 0.31),
      metastatic: range(0.61, 0.83),
    };
    show({ model_version, spread });
    expect(screen.getByTestId("spread-2d")).toHaveTextContent(
      "The 5 members of this model put metastatic between 61 % and 83 %.",
    );
    const bars = within(screen.getByRole("list", { name: /Probabilities from the 2D/ }));
    expect(bars.getByText("members: 3 % to 16 %")).toBeInTheDocument();
    const [line] = bars.getAllByTestId("whisker");
    expect(line).toHaveStyle({ left: "3%", width: "13%" });
  });

  it("may all say the same", () => {
    const spread = {
      benign: range(0.08, 0.081),
      lymphoma: range(0.2, 0.2),
      metastatic: range(0.719, 0.722),
    };
    show({ model_version, spread });
    expect(screen.getByTestId("spread-2d")).toHaveTextContent("All 5 members");
  });

  it("are not spoken of where one model answers alone", () => {
    show({});
    expect(screen.queryByTestId("spread-2d")).toBeNull();
    expect(screen.queryByTestId("whisker")).toBeNull();
  });
});
