import { useTranslation } from "react-i18next";

import type { Analysis } from "@/api/types";
import { formatPercent } from "@/lib/format";
import { topClass } from "@/lib/taxonomy";

/** Says each change of state to screen readers, once. */
export function Announcer({ analysis }: { analysis: Analysis }) {
  const { t, i18n } = useTranslation();
  const answer = analysis.case_answer;
  const parts: string[] = [];
  if (analysis.state === "queued" || analysis.state === "running") {
    parts.push(t(`result.announce.${analysis.state}`));
  } else {
    if (answer) {
      const top = topClass(answer.probabilities);
      const percent = formatPercent(answer.probabilities[top], i18n.language);
      parts.push(t("result.announce.answer", { className: t(`classes.${top}`), percent }));
      if (answer.conflict) parts.push(t("result.announce.conflict"));
    }
    if (analysis.state !== "succeeded") parts.push(t(`result.announce.${analysis.state}`));
  }
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {parts.join(" ")}
    </p>
  );
}
