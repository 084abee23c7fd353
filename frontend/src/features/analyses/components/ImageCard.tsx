import { WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { ClassBars } from "@/components/ClassBars";

import { isTerminal } from "../polling";
import { shownClass, type SettingsChange, type ViewerSettings } from "../viewer/settings";
import { Stage } from "../viewer/Stage";
import { StageCaption } from "../viewer/StageCaption";

import { FailureNote } from "./FailureNote";
import styles from "./ImageCard.module.css";
import { Provenance } from "./Provenance";

interface ImageCardProps {
  prediction: Prediction;
  /** The answer waits for one's own read. */
  withheld: boolean;
  settings: ViewerSettings;
  change: SettingsChange;
}

/** One image: the picture largest, below it what it says and which model said it. */
export function ImageCard({ prediction, withheld, settings, change }: ImageCardProps) {
  const { t } = useTranslation();
  const className = withheld ? null : shownClass(settings.choice, prediction.probabilities);
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
        <Stage prediction={prediction} className={className} settings={settings} change={change} />
        <StageCaption prediction={prediction} className={className} mode={settings.mode} />
      </div>
      <div className={styles.facts}>
        {prediction.failure ? (
          <FailureNote failure={prediction.failure} modality={prediction.modality} />
        ) : withheld ? (
          <p className={styles.withheld}>{t("read.withheld")}</p>
        ) : (
          <ClassBars
            probabilities={prediction.probabilities}
            waiting={!isTerminal(prediction.state)}
            label={t("result.image.probabilities", { modality: name })}
          />
        )}
        <ul className={styles.flags}>
          {prediction.flags.map((flag) => (
            <li key={flag.code}>
              <WarningOutlined /> {flag.detail}
            </li>
          ))}
        </ul>
        <Provenance prediction={prediction} />
      </div>
    </article>
  );
}
