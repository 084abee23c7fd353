import type { TFunction } from "i18next";

import type { CheckFinding, ModelCheck } from "@/api/types";
import type { models } from "@/i18n/en/models";
import type { VersionModality } from "@/lib/taxonomy";

import { formatTime } from "./comparison/words";

type FindingCode = keyof typeof models.findings;

/** In the order in which a check looks. */
const EXPECTED: readonly FindingCode[] = [
  "file_readable",
  "manifest_complete",
  "class_order",
  "weights_hash",
  "weights_finite",
  "architecture_shapes",
  "golden_present",
  "golden_answers",
  "latency",
  "map_audit",
  "map_follows_class",
  "map_needs_weights",
  "memory",
];

/** Of a version that joins answers: it has no network to try. */
const EXPECTED_OF_FUSION: readonly FindingCode[] = [
  "manifest_complete",
  "weights_hash",
  "architecture_shapes",
  "golden_answers",
  "fusion_gain",
];

const OTHERS: readonly FindingCode[] = ["fast_mode", "fusion_gain", "check_died", "retired"];

/** What a check looks at, in words; a code unknown here shows itself. */
export function findingTitle(code: string, t: TFunction): string {
  const known = [...EXPECTED, ...OTHERS].find((one) => one === code);
  return known ? t(`models.findings.${known}`) : code.replaceAll("_", " ");
}

const blocks = ({ blocking, passed }: CheckFinding) => blocking && !passed;

/** The findings, what blocks first; until the check has ended also what it will look at, so that nothing jumps. */
export function findingsShown(
  check: ModelCheck,
  modality: VersionModality,
): (Partial<CheckFinding> & { code: string })[] {
  const { findings, state } = check;
  if (state === "waiting" || state === "running") {
    return (modality === "fusion" ? EXPECTED_OF_FUSION : EXPECTED).map(
      (code) => findings.find((finding) => finding.code === code) ?? { code },
    );
  }
  return [...findings.filter(blocks), ...findings.filter((finding) => !blocks(finding))];
}

/** The number behind a measurement, where it can be shown on its own. */
export function measuredText({ code, measured }: Pick<CheckFinding, "code" | "measured">): string {
  if (code === "latency" && typeof measured?.ms === "number") return formatTime(measured.ms);
  if (code === "memory" && typeof measured?.loaded_mib === "number") {
    return `${Math.round(measured.loaded_mib)}\u00a0MiB`;
  }
  return "";
}
