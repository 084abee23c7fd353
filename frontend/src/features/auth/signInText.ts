import type { TFunction } from "i18next";

import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

/** Why signing in did not work, in the reader's words; null where the next step is the answer. */
export function signInText(error: Error, t: TFunction): string | null {
  if (!(error instanceof ApiProblem)) return errorText(error, t);
  if (error.code === "second_factor_required") return null;
  if (error.code === "wrong_code") return t("sign_in.wrong_code");
  if (error.status === 401 || error.status === 400) return t("sign_in.wrong");
  if (error.status === 429) return throttledText(error, t);
  if (error.status >= 500) return errorText(error, t);
  return t("sign_in.failed", { detail: error.detail });
}

export function throttledText({ retryAfter }: ApiProblem, t: TFunction): string {
  const seconds = retryAfter ?? 60;
  if (seconds < 60) return t("sign_in.throttled_seconds", { seconds });
  return t("sign_in.throttled", { count: Math.ceil(seconds / 60) });
}
