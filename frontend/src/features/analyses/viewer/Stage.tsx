import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import type { ClassName } from "@/lib/taxonomy";
import { viewportTransform } from "@/lib/viewport";

import { heatmapQuery } from "./heatmap";
import { HeatmapCanvas } from "./HeatmapCanvas";
import type { ViewerSettings } from "./settings";
import { useStageGestures } from "./useStageGestures";
import { PAN_KEYS, panByKey, type SettingsChange } from "./useViewerKeys";
import styles from "./viewer.module.css";

interface StageProps {
  prediction: Prediction;
  /** The class whose map is shown, or null for none. */
  className: ClassName | null;
  settings: ViewerSettings;
  change: SettingsChange;
}

/** The image and its map in one box; zoom and pan are shared with the other images. */
export function Stage({ prediction, className, settings, change }: StageProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [lost, setLost] = useState(false);
  const url = (className && prediction.cams?.[className]) ?? null;
  const { data: heatmap } = useQuery(heatmapQuery(url));
  const enlarged = settings.viewport.scale > 1;
  useStageGestures(box, enlarged, (move) => {
    change((old) => ({ ...old, viewport: move(old.viewport) }));
  });

  const modality = t(`modalities.${prediction.modality}.long`);
  const label =
    url && className
      ? t("result.viewer.stage", { modality, className: t(`classes.${className}`) })
      : t("result.viewer.stage_plain", { modality });
  return (
    // A picture that takes keys: the role says so to screen readers.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className={styles.stage}
      data-enlarged={enlarged || undefined}
      role="application"
      aria-label={label}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={(event) => {
        if (!(event.key in PAN_KEYS) || !enlarged) return;
        event.preventDefault();
        change((old) => panByKey(old, event.key));
      }}
    >
      <div className={styles.moved} style={{ transform: viewportTransform(settings.viewport) }}>
        <img
          className={styles.layer}
          src={prediction.image}
          alt={t("result.viewer.image_alt", { modality })}
          draggable={false}
          data-hidden={(settings.mode === "map" && heatmap !== undefined) || undefined}
          onError={() => {
            setLost(true);
          }}
        />
        {heatmap && settings.mode !== "image" && (
          <HeatmapCanvas
            heatmap={heatmap}
            opacity={settings.mode === "map" ? 1 : settings.opacity}
            colormap={settings.colormap}
            threshold={settings.threshold}
            opaque={settings.mode === "map"}
          />
        )}
      </div>
      {lost && <p className={styles.lost}>{t("result.viewer.image_missing")}</p>}
    </div>
  );
}
