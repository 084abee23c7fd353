import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { ClassBars } from "@/components/ClassBars";

import { isTerminal } from "../polling";
import { FlagList } from "../trust/FlagList";
import { Spread } from "../trust/Spread";
import { TextCheck } from "../trust/TextCheck";
import {
  boxesSwitched,
  shownClass,
  type SettingsChange,
  type ViewerSettings,
} from "../viewer/settings";
import { Stage } from "../viewer/Stage";
import { StageCaption } from "../viewer/StageCaption";

import { CoveredText } from "./CoveredText";
import { FailureNote } from "./FailureNote";
import styles from "./ImageCard.module.css";
import { Provenance } from "./Provenance";

/** Why the answer is not shown yet: one's own read comes first, or a reason to doubt it. */
export type Hidden = "read" | "gate" | null;

interface ImageCardProps {
  prediction: Prediction;
  hidden: Hidden;
  settings: ViewerSettings;
  change: SettingsChange;
}

/** One image: the picture largest, below it what it says and which model said it. */
export function ImageCard({ prediction, hidden, settings, change }: ImageCardProps) {
  const { t } = useTranslation();
  const className = hidden ? null : shownClass(settings.choice, prediction.probabilities);
  const name = t(`modalities.${prediction.modality}.long`);
  return (
    <article
      className={styles.card}
      aria-label={name}
      data-testid={`card-${prediction.modality}`}
      data-state={prediction.state}
    >
      <div className={styles.picture}>
        <h3 className={styles.name}>{name}</h3>
        <Stage
          prediction={prediction}
          className={className}
          settings={hidden ? { ...settings, boxes: false } : settings}
          change={change}
        />
        <StageCaption prediction={prediction} className={className} mode={settings.mode} />
      </div>
      <div className={styles.facts}>
        {prediction.failure ? (
          <FailureNote failure={prediction.failure} modality={prediction.modality} />
        ) : hidden ? (
          <p className={styles.withheld}>
            {t(hidden === "read" ? "read.withheld" : "result.gate.hidden")}
          </p>
        ) : (
          <ClassBars
            probabilities={prediction.probabilities}
            spread={prediction.spread}
            waiting={!isTerminal(prediction.state)}
            label={t("result.image.probabilities", { modality: name })}
          />
        )}
        {!hidden && <Spread prediction={prediction} />}
        <CoveredText prediction={prediction} />
        <FlagList prediction={prediction} />
        {!hidden && (
          <TextCheck
            prediction={prediction}
            boxes={settings.boxes}
            onBoxes={() => {
              change(boxesSwitched);
            }}
          />
        )}
        <Provenance prediction={prediction} />
      </div>
    </article>
  );
}
