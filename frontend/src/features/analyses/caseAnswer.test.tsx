import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { aPrediction, aSession, anAnalysis } from "@/testing/fixtures";
import { renderInApp } from "@/testing/render";

import { CaseAnswer } from "./components/CaseAnswer";

it("tells images that lean apart from images that contradict, and who joined them", async () => {
  const leaning = aPrediction("cdfi", {
    probabilities: { benign: 0.45, lymphoma: 0.15, metastatic: 0.4 },
  });
  const analysis = anAnalysis({
    predictions: [aPrediction("2d"), leaning],
    case_answer: {
      probabilities: { benign: 0.2, lymphoma: 0.2, metastatic: 0.6 },
      method: "fusion",
      fusion_version: {
        id: "version-fusion",
        name: "ward fusion",
        architecture: "stacking",
        synthetic: false,
      },
      conflict: false,
      prediction_set: null,
      set_level: null,
    },
  });
  renderInApp(<CaseAnswer analysis={analysis} />, { session: aSession() });
  expect(screen.getByTestId("votes")).toHaveTextContent("They lean to different classes");
  await userEvent.click(screen.getByRole("button", { name: /how\?/ }));
  expect(await screen.findByText(/what each image says: ward fusion/)).toBeInTheDocument();
  expect(screen.getByText("Its figures")).toHaveAttribute("href", "/models/version-fusion");
});
