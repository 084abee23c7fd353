import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Analysis } from "@/api/types";
import { useAnnouncement } from "@/components/useAnnouncement";
import { formatPercent } from "@/lib/format";
import { CLASS_NAMES, topClass } from "@/lib/taxonomy";

/** Says each change of state to screen readers, once. `gated`: a reason to doubt the answer comes before it. */
export function useSpokenState(analysis: Analysis, gated: boolean): void {
  const { t, i18n } = useTranslation();
  useAnnouncement(gated ? t("result.gate.announce") : spoken(analysis, t, i18n.language));
}

function spoken(analysis: Analysis, t: TFunction, language: string): string {
  const { state, case_answer: answer } = analysis;
  if (analysis.withheld) return t("read.announce");
  if (state === "queued" || state === "running") return t(`result.announce.${state}`);
  const parts: string[] = [];
  if (answer) {
    const top = topClass(answer.probabilities);
    const percent = formatPercent(answer.probabilities[top], language);
    if (answer.prediction_set?.length === CLASS_NAMES.length)
      parts.push(t("result.set.cannot_say"));
    parts.push(t("result.announce.answer", { className: t(`classes.${top}`), percent }));
    if (answer.conflict) parts.push(t("result.announce.conflict"));
  }
  if (state !== "succeeded") parts.push(t(`result.announce.${state}`));
  return parts.join(" ");
}
