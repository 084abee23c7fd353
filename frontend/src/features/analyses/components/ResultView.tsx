import { Tabs } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Analysis, Prediction } from "@/api/types";
import { useMediaQuery } from "@/components/useMediaQuery";
import { readPreference, writePreference } from "@/lib/preferences";
import { MODALITIES } from "@/lib/taxonomy";

import { KeysDialog } from "../viewer/KeysDialog";
import { initialSettings } from "../viewer/settings";
import { Toolbar } from "../viewer/Toolbar";
import { useFullScreen } from "../viewer/useFullScreen";
import { useViewerKeys } from "../viewer/useViewerKeys";

import { Announcer } from "./Announcer";
import { CaseAnswer } from "./CaseAnswer";
import { ImageCard } from "./ImageCard";
import { ResultHeader } from "./ResultHeader";
import styles from "./ResultView.module.css";

interface ResultViewProps {
  analysis: Analysis;
  onDeleted: () => void;
}

/** The whole result; the same boxes from queued to answered. */
export function ResultView({ analysis, onDeleted }: ResultViewProps) {
  const { t } = useTranslation();
  const room = useRef<HTMLElement>(null);
  const [settings, change] = useState(initialSettings);
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useState(() => readPreference("keys", ["on", "off"], "on") === "on");
  const fullScreen = useFullScreen(room);
  const narrow = useMediaQuery("(max-width: 999px)");
  useViewerKeys(keys, change, {
    fullScreen: fullScreen.toggle,
    help: () => {
      setHelp(true);
    },
  });

  const predictions = inOrder(analysis.predictions);
  const cards = predictions.map((prediction) => (
    <ImageCard key={prediction.id} prediction={prediction} settings={settings} change={change} />
  ));
  return (
    <div className={styles.result} data-testid="result" data-state={analysis.state}>
      <Announcer analysis={analysis} />
      <ResultHeader analysis={analysis} onDeleted={onDeleted} />
      <div className={styles.answer}>
        <CaseAnswer analysis={{ ...analysis, predictions }} />
      </div>
      <section ref={room} className={styles.room} aria-label={t("result.viewer.region")}>
        <Toolbar
          settings={settings}
          change={change}
          fullScreen={fullScreen}
          onHelp={() => {
            setHelp(true);
          }}
        />
        {narrow && cards.length > 1 ? (
          <Tabs
            className={styles.tabs}
            items={predictions.map((prediction, index) => ({
              key: prediction.modality,
              label: t(`modalities.${prediction.modality}.name`),
              children: cards[index],
            }))}
          />
        ) : (
          <div className={styles.cards} data-count={cards.length}>
            {cards}
          </div>
        )}
      </section>
      <KeysDialog
        open={help}
        enabled={keys}
        onEnable={(enabled) => {
          writePreference("keys", enabled ? "on" : "off");
          setKeys(enabled);
        }}
        onClose={() => {
          setHelp(false);
        }}
      />
    </div>
  );
}

function inOrder(predictions: Prediction[]): Prediction[] {
  return [...predictions].sort(
    (a, b) => MODALITIES.indexOf(a.modality) - MODALITIES.indexOf(b.modality),
  );
}
