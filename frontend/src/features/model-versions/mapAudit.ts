import type { TFunction } from "i18next";

import type { ModelCard } from "@/api/types";

/** What to know of a version's maps before it answers; empty where the audit went well. */
export function auditWarning(
  { map_audit: audit }: Pick<ModelCard, "map_audit">,
  t: TFunction,
): string {
  if (!audit) return t("models.map_audit.warning.none");
  if (audit.verdict === "not_measured") return t("models.map_audit.warning.unclear");
  const failed = audit.parts.filter(({ verdict }) => verdict === "failed");
  if (failed.length === 0) return "";
  const findings = failed.map(({ name }) => t(`models.map_audit.warning.finding.${name}`));
  return t("models.map_audit.warning.failed", {
    findings: findings.join(" · "),
  });
}
