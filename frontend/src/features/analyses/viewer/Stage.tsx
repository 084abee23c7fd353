import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { RegionOutline } from "@/components/RegionOutline";
import { regionOf } from "@/lib/region";
import type { ClassName } from "@/lib/taxonomy";
import { viewportTransform } from "@/lib/viewport";

import { absenceOf } from "../absence";
import { usePictureOf } from "../ownPictures";

import { BurnedInBoxes } from "./BurnedInBoxes";
import { heatmapQuery } from "./heatmap";
import { HeatmapCanvas } from "./HeatmapCanvas";
import { PAN_KEYS, panByKey } from "./keys";
import type { SettingsChange, ViewerSettings } from "./settings";
import { useStageGestures } from "./useStageGestures";
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
  const picture = usePictureOf(prediction);
  const enlarged = settings.viewport.scale > 1;
  useStageGestures(box, enlarged, (move) => {
    change((old) => ({ ...old, viewport: move(old.viewport) }));
  });

  const modality = t(`modalities.${prediction.modality}.long`);
  const label =
    className && prediction.cams?.[className]
      ? t("result.viewer.stage", { modality, className: t(`classes.${className}`) })
      : t("result.viewer.stage_plain", { modality });
  return (
    // A picture that takes keys: the role says so to screen readers.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={box}
      className={styles.stage}
      data-enlarged={enlarged || undefined}
      style={{ viewTransitionName: `image-${prediction.modality}` }}
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
        <Layers
          prediction={prediction}
          picture={picture}
          className={className}
          settings={settings}
          onLost={() => {
            setLost(true);
          }}
        />
      </div>
      {lost && <p className={styles.lost}>{t("result.viewer.image_missing")}</p>}
      {!picture && <p className={styles.deleted}>{t(absenceOf(prediction))}</p>}
    </div>
  );
}

interface LayersProps extends Omit<StageProps, "change"> {
  picture: string | null;
  onLost: () => void;
}

/** From the back: the image, its map, the region that the model saw, what is burned in. */
function Layers({ prediction, picture, className, settings, onLost }: LayersProps) {
  const { t } = useTranslation();
  const url = (className && prediction.cams?.[className]) ?? null;
  const { data: heatmap } = useQuery(heatmapQuery(url));
  const region = regionOf(prediction.region);
  const onlyMap = settings.mode === "map";
  return (
    <>
      {picture && (
        <img
          className={styles.layer}
          src={picture}
          alt={t("result.viewer.image_alt", {
            modality: t(`modalities.${prediction.modality}.long`),
          })}
          decoding="sync" // it was fetched before the page opened: no blank moment
          draggable={false}
          data-hidden={(onlyMap && heatmap !== undefined) || undefined}
          onError={onLost}
        />
      )}
      {heatmap && settings.mode !== "image" && (
        <HeatmapCanvas
          heatmap={heatmap}
          opacity={onlyMap ? 1 : settings.opacity}
          colormap={settings.colormap}
          threshold={settings.threshold}
          opaque={onlyMap}
        />
      )}
      {region && settings.outline && <RegionOutline region={region} size={prediction} />}
      {settings.boxes && <BurnedInBoxes prediction={prediction} />}
    </>
  );
}
