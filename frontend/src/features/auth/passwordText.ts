import type { TFunction } from "i18next";

import { fieldErrors } from "@/lib/fieldErrors";

const KNOWN = [
  "password_too_short",
  "password_too_common",
  "password_entirely_numeric",
  "password_too_similar",
] as const;

/** Why the server refuses a password, in the reader's language; its own words for a rule unknown here. */
export function passwordReasons(error: unknown, field: string, t: TFunction): string[] {
  return fieldErrors(error, field).map(({ code, detail }) => {
    const known = KNOWN.find((name) => name === code);
    return known ? t(`password_reason.${known}`) : detail;
  });
}
