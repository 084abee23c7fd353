import type { TFunction } from "i18next";

import { ApiProblem, NetworkLost } from "./problem";

/** One sentence about a failed request, in the reader's language. */
export function errorText(error: unknown, t: TFunction): string {
  if (error instanceof NetworkLost) return t("errors.network");
  if (!(error instanceof ApiProblem)) return t("errors.unknown", { detail: String(error) });
  if (error.status === 429 || error.status === 503) {
    return t("errors.throttled", { seconds: error.retryAfter ?? 5 });
  }
  if (error.status === 403) return t("errors.forbidden");
  if (error.status >= 500) return t("errors.server");
  return t("errors.unknown", { detail: error.detail });
}
