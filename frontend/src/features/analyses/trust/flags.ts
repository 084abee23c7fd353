import type { TFunction } from "i18next";

import type { Analysis, Flag, Prediction } from "@/api/types";
import { formatPercent } from "@/lib/format";

/** What makes an answer doubtful as a whole: the reason comes first, the answer after one click. */
const GATE = ["not_ultrasound", "wrong_slot", "unlike_training"];

export const gateFlags = ({ flags }: Prediction): Flag[] =>
  flags.filter(({ code }) => GATE.includes(code));

export const isGated = ({ predictions }: Pick<Analysis, "predictions">): boolean =>
  predictions.some((prediction) => gateFlags(prediction).length > 0);

/** A flag in the page's language; one that the page does not know, in the server's words. */
export function flagText(
  flag: Flag,
  prediction: Prediction,
  t: TFunction,
  language: string,
): string {
  switch (flag.code) {
    case "unlike_training":
      return t(
        prediction.model_version?.synthetic
          ? "result.flags.unlike_phantoms"
          : "result.flags.unlike_training",
      );
    case "not_ultrasound":
      return t("result.flags.not_ultrasound");
    case "wrong_slot":
      if (!flag.looks_like) return flag.detail;
      return t("result.flags.wrong_slot", {
        looksLike: t(`modalities.${flag.looks_like}.long`),
        field: t(`modalities.${prediction.modality}.name`),
      });
    case "known_weakness":
      if (!flag.class_name || flag.recall == null) return flag.detail;
      return t("result.flags.known_weakness", {
        className: t(`classes.${flag.class_name}`),
        percent: formatPercent(flag.recall, language),
      });
    case "text_reliance":
      if (flag.reliance == null) return flag.detail;
      return t("result.flags.text_reliance", { percent: formatPercent(flag.reliance, language) });
    default:
      return flag.detail;
  }
}
