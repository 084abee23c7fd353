import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { regionOf } from "@/lib/region";
import type { ClassName } from "@/lib/taxonomy";

import { heatmapQuery } from "./heatmap";
import type { Mode } from "./settings";
import styles from "./viewer.module.css";

interface StageCaptionProps {
  prediction: Prediction;
  className: ClassName | null;
  mode: Mode;
}

/** One line below the picture: which map it shows, or why it shows none; which frame and region were used. */
export function StageCaption(props: StageCaptionProps) {
  return (
    <p className={styles.caption}>
      <MapWords {...props} />
      <UsedPart prediction={props.prediction} />
    </p>
  );
}

function MapWords({ prediction, className, mode }: StageCaptionProps) {
  const { t } = useTranslation();
  const url = (className && prediction.cams?.[className]) ?? null;
  const { isError } = useQuery(heatmapQuery(url));
  if (prediction.state === "cancelled") return <span>{t("result.image.cancelled")}</span>;
  if (prediction.state !== "succeeded" || !className) return <span />;
  if (mode === "image") return <span>{t("result.viewer.only_image")}</span>;
  const name = t(`classes.${className}`);
  let text = t("result.viewer.showing", { className: name });
  if (url === null) text = t("result.viewer.nothing_speaks", { className: name });
  if (isError) text = t("result.viewer.map_missing");
  return (
    <span>
      <ClassGlyph name={className} size={10} />
      {text}
    </span>
  );
}

function UsedPart({ prediction }: { prediction: Prediction }) {
  const { t } = useTranslation();
  const region = regionOf(prediction.region);
  const { frame, frame_count: count } = prediction;
  const words = [
    count > 1 && t("result.viewer.frame", { frame: frame + 1, count }),
    region && t("result.viewer.region_used", { size: `${region.width} × ${region.height}` }),
  ].filter(Boolean);
  return <span className={styles.used}>{words.join(" · ")}</span>;
}
