import type { TFunction } from "i18next";

import type { models } from "@/i18n/en/models";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

type RefusalCode = keyof typeof models.refusals;

const CODES: readonly RefusalCode[] = [
  "pickle_refused",
  "not_safetensors",
  "truncated",
  "header_too_large",
  "wrong_hash",
  "manifest_missing",
  "manifest_incomplete",
  "manifest_invalid",
  "trust_invalid",
  "audit_invalid",
  "fusion_invalid",
  "format_version",
  "preprocessing_version",
  "unknown_architecture",
  "unknown_modality",
  "wrong_classes",
  "duplicate",
  "too_large",
  "disk_full",
  "storage_error",
  "upload_interrupted",
  "not_checked",
  "active",
  "retired",
  "check_under_way",
  "no_weights",
  "nothing_to_compare",
  "not_comparable",
  "already_finished",
];

export interface Refusal {
  what: string;
  remedy: string;
  /** The server's own sentence, where it names what ours can't. */
  detail: string | null;
}

/** Why the server said no, and what to do about it. */
export function refusalText(error: Error, t: TFunction): Refusal {
  const problem = error instanceof ApiProblem ? error : null;
  const status = problem?.status === 413 ? "too_large" : problem?.code;
  const code = CODES.find((known) => known === status);
  if (!code || !problem) return { what: errorText(error, t), remedy: "", detail: null };
  return {
    what: t(`models.refusals.${code}.what`),
    remedy: t(`models.refusals.${code}.remedy`),
    detail: problem.detail || null,
  };
}

const PICKLES = /\.(pt|pth|pkl|pickle|bin|ckpt)$/i;

/** A file that the server would refuse is refused before its hundreds of megabytes are sent. */
export function fileRefusal(file: { name: string; size: number }): ApiProblem | null {
  if (PICKLES.test(file.name)) return new ApiProblem(422, "pickle_refused", "");
  if (!/\.safetensors$/i.test(file.name)) return new ApiProblem(422, "not_safetensors", "");
  if (file.size === 0) return new ApiProblem(422, "truncated", "");
  return null;
}
