import { expect, it } from "vitest";

import { flattenMetrics } from "./metrics";

it("flattens a manifest's metrics whatever their nesting", () => {
  expect(
    flattenMetrics({ auc: { benign: 0.9612, folds: [0.9, 0.91] }, n: 300, protocol: "patient" }),
  ).toEqual([
    { name: "auc · benign", value: "0.961" },
    { name: "auc · folds", value: "0.900, 0.910" },
    { name: "n", value: "300" },
    { name: "protocol", value: "patient" },
  ]);
});
