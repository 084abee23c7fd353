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
export function possible({ state = "uploaded" }: Pick<ModelVersion, "state">): readonly Action[] {
  return BY_STATE[state];
}
