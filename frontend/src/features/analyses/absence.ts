import type { Prediction } from "@/api/types";

/** Why there is no picture of the server's, as a key of the page's words. */
export function absenceOf({ masking }: Prediction) {
  if (masking === "pending") return "result.viewer.image_pending" as const;
  if (masking === "dropped") return "result.viewer.image_dropped" as const;
  return "result.viewer.image_deleted" as const;
}
