import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { formatPercent } from "@/lib/format";

import styles from "./trust.module.css";

/** Where the attention of the image's own answer lies, and how far that answer rests on print. */
export function TextCheck({ prediction }: { prediction: Prediction }) {
  const { t, i18n } = useTranslation();
  const sentences = textCheckSentences(prediction, t, i18n.language);
  if (sentences.length === 0) return null;
  return (
    <p className={styles.check} data-testid={`text-check-${prediction.modality}`}>
      {sentences.join(i18n.language === "zh" ? "" : " ")}{" "}
      <InlineHelp label={t("actions.why")} title={t("result.text_check.title")}>
        {t("result.text_check.why")}
      </InlineHelp>
    </p>
  );
}

function textCheckSentences(
  { text_check: check, flags }: Prediction,
  t: TFunction,
  language: string,
) {
  if (!check) return [];
  if (check.state !== "done") return [t(`result.text_check.${check.state}`)];
  const percent = (share: number) => formatPercent(share, language);
  const { attention, reliance } = check;
  const sentences = [];
  if (attention) {
    const shares = { text: percent(attention.text), outside: percent(attention.outside_sector) };
    sentences.push(
      attention.region == null
        ? t("result.text_check.attention", shares)
        : t("result.text_check.attention_region", { ...shares, region: percent(attention.region) }),
    );
  }
  if (reliance == null) return [...sentences, t("result.text_check.nothing_found")];
  if (flags.some(({ code }) => code === "text_reliance")) return sentences; // the flag says it already
  return [...sentences, t("result.text_check.reliance", { percent: percent(reliance) })];
}
