import { useTranslation } from "react-i18next";

import { legendGradient, type ColormapName } from "@/lib/colormap";

import styles from "./Toolbar.module.css";

interface LegendProps {
  colormap: ColormapName;
  /** 0..1; what lies below is not shown. */
  threshold: number;
}

/** Low to high, in the colours of the map; the hidden part is struck out. */
export function Legend({ colormap, threshold }: LegendProps) {
  const { t } = useTranslation();
  return (
    <span className={styles.legend} role="img" aria-label={t("result.viewer.legend")}>
      {t("result.viewer.low")}
      <span className={styles.ramp} style={{ background: legendGradient(colormap) }}>
        <span className={styles.hidden} style={{ width: `${threshold * 100}%` }} />
      </span>
      {t("result.viewer.high")}
    </span>
  );
}
