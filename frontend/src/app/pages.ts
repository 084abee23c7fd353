import { isAuditor } from "@/api/session";
import type { SessionUser } from "@/api/types";

export interface NavPage {
  path: string;
  name:
    | "new"
    | "analyses"
    | "all_analyses"
    | "models"
    | "users"
    | "monitoring"
    | "audit"
    | "settings"
    | "about";
}

/** What the navigation offers: what this account may do, and no more. */
export function pagesFor(user: SessionUser | null): NavPage[] {
  const pages: (NavPage | false)[] = [
    !isAuditor(user) && { path: "/", name: "new" },
    { path: "/analyses", name: user?.may.read_everything ? "all_analyses" : "analyses" },
    { path: "/models", name: "models" },
    user?.may.read_model_records === true && { path: "/monitoring", name: "monitoring" },
    user?.may.manage_users === true && { path: "/users", name: "users" },
    user?.may.manage_users === true && { path: "/settings", name: "settings" },
    user?.may.read_audit === true && { path: "/audit", name: "audit" },
    { path: "/about", name: "about" },
  ];
  return pages.filter((page) => page !== false);
}
