import { useTranslation } from "react-i18next";

import { legendGradient, type ColormapName } from "@/lib/colormap";

import styles from "./Toolbar.module.css";

/** Low to high, in the colours of the map. */
export function Legend({ colormap }: { colormap: ColormapName }) {
  const { t } = useTranslation();
  return (
    <span className={styles.legend} role="img" aria-label={t("result.viewer.legend")}>
      {t("result.viewer.low")}
      <span className={styles.ramp} style={{ background: legendGradient(colormap) }} />
      {t("result.viewer.high")}
    </span>
  );
}
