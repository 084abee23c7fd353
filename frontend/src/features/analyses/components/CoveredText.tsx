import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";

import styles from "../trust/trust.module.css";

/** How many places of the image the server has covered, and why. */
export function CoveredText({ prediction: { masked_boxes: count } }: { prediction: Prediction }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <p className={styles.remark} data-testid="covered-text">
      {t("result.image.covered", { count })}{" "}
      <InlineHelp label={t("actions.why")} title={t("result.image.covered_why_title")}>
        {t("result.image.covered_why")}
      </InlineHelp>
    </p>
  );
}
