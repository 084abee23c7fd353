import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import type { ClassName } from "@/lib/taxonomy";

import { heatmapQuery } from "./heatmap";
import type { Mode } from "./settings";
import styles from "./viewer.module.css";

interface StageCaptionProps {
  prediction: Prediction;
  className: ClassName | null;
  mode: Mode;
}

/** One line below the picture: which map it shows, or why it shows none. */
export function StageCaption({ prediction, className, mode }: StageCaptionProps) {
  const { t } = useTranslation();
  const url = (className && prediction.cams?.[className]) ?? null;
  const { isError } = useQuery(heatmapQuery(url));
  if (prediction.state === "cancelled") {
    return <p className={styles.caption}>{t("result.image.cancelled")}</p>;
  }
  if (prediction.state !== "succeeded" || !className) return <p className={styles.caption} />;
  if (mode === "image") return <p className={styles.caption}>{t("result.viewer.only_image")}</p>;
  const name = t(`classes.${className}`);
  let text = t("result.viewer.showing", { className: name });
  if (url === null) text = t("result.viewer.nothing_speaks", { className: name });
  if (isError) text = t("result.viewer.map_missing");
  return (
    <p className={styles.caption}>
      <ClassGlyph name={className} size={10} />
      {text}
    </p>
  );
}
