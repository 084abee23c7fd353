import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { formatPercent } from "@/lib/format";
import { topClass } from "@/lib/taxonomy";

import { memberCount } from "./spread";
import styles from "./trust.module.css";

/** How far an ensemble's members disagree about the class that the image is said to show. */
export function Spread({ prediction }: { prediction: Prediction }) {
  const { t, i18n } = useTranslation();
  const { spread, probabilities, model_version: version } = prediction;
  if (!spread || !probabilities || !version) return null;
  const named = topClass(probabilities);
  const low = formatPercent(spread[named].low, i18n.language);
  const high = formatPercent(spread[named].high, i18n.language);
  const words = { number: memberCount(version.architecture), className: t(`classes.${named}`) };
  return (
    <p className={styles.remark} data-testid={`spread-${prediction.modality}`}>
      {low === high
        ? t("result.spread.same", { ...words, percent: low })
        : t("result.spread.sentence", { ...words, low, high })}{" "}
      <InlineHelp label={t("actions.why")} title={t("result.spread.title")}>
        {t("result.spread.why")}
      </InlineHelp>
    </p>
  );
}
