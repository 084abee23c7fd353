import type { ModelVersion } from "@/api/types";

export type Action = "retire" | "check" | "compare" | "activate";

const BY_STATE: Record<NonNullable<ModelVersion["state"]>, readonly Action[]> = {
  uploaded: ["retire"],
  checking: [],
  checked: ["retire", "check", "compare", "activate"],
  rejected: ["retire", "check"],
  active: [],
  retired: [],
};

/** What may be asked for in a version's state; the most important last, where the eye ends. */
export function possible({
  state = "uploaded",
  modality,
}: Pick<ModelVersion, "state" | "modality">): readonly Action[] {
  const actions = BY_STATE[state];
  // A fusion answers no image: there is nothing to run again.
  return modality === "fusion" ? actions.filter((action) => action !== "compare") : actions;
}
