import { expect, it } from "vitest";

import { asFigure, asSet, flatten } from "./metrics";

it("flattens a manifest's metrics whatever their nesting", () => {
  const metrics = { auc_per_class: { benign: 0.9612, folds: [0.9, 0.91] }, n: 300, none: null };
  expect(flatten(metrics, asFigure)).toEqual([
    { name: "auc per class · benign", value: "0.961" },
    { name: "auc per class · folds", value: "0.900, 0.910" },
    { name: "n", value: "300" },
  ]);
});

it("shows settings as they were set, and lists of objects one by one", () => {
  const config = { weight_decay: 0.05, phases: [{ steps: 60 }, { steps: 40 }] };
  expect(flatten(config, asSet)).toEqual([
    { name: "weight decay", value: "0.05" },
    { name: "phases · 1 · steps", value: "60" },
    { name: "phases · 2 · steps", value: "40" },
  ]);
});
