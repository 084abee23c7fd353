export const ROLES = ["clinician", "model_admin", "auditor"] as const;
export type RoleName = (typeof ROLES)[number] | "site_admin";

interface Account {
  roles: readonly (typeof ROLES)[number][];
  is_superuser?: boolean;
}

/** The one role that says what an account may: a model admin does all a clinician does, a site admin everything. */
export function roleOf({ roles, is_superuser: siteAdmin }: Account): RoleName {
  if (siteAdmin) return "site_admin";
  if (roles.includes("auditor")) return "auditor";
  return roles.includes("model_admin") ? "model_admin" : "clinician";
}
