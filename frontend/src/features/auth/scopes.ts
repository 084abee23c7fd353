import { isAuditor } from "@/api/session";
import type { Scope, SessionUser } from "@/api/types";

const NAMES = {
  "analyses:read": "analyses_read",
  "analyses:write": "analyses_write",
  "models:read": "models_read",
  "models:write": "models_write",
} as const satisfies Record<Scope, string>;

export const scopeName = (scope: Scope) => NAMES[scope];

/** What a token of this account could do at all: more is not offered. */
export function scopesFor(user: SessionUser): Scope[] {
  const scopes: (Scope | false)[] = [
    "analyses:read",
    !isAuditor(user) && "analyses:write",
    user.may.read_model_records && "models:read",
    user.may.manage_models && "models:write",
  ];
  return scopes.filter((scope) => scope !== false);
}
