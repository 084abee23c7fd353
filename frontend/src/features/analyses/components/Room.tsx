import { Tabs } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { useMediaQuery } from "@/components/useMediaQuery";
import { readPreference, writePreference } from "@/lib/preferences";

import { hasBurnedIn } from "../viewer/burnedIn";
import { KeysDialog } from "../viewer/KeysDialog";
import { initialSettings, type SettingsChange, type ViewerSettings } from "../viewer/settings";
import { Toolbar } from "../viewer/Toolbar";
import { useFullScreen } from "../viewer/useFullScreen";
import { useViewerKeys } from "../viewer/useViewerKeys";

import { ImageCard, type Hidden } from "./ImageCard";
import styles from "./ResultView.module.css";

interface RoomProps {
  predictions: Prediction[];
  /** While the answer is hidden: pictures only, no maps and no bars. */
  hidden: Hidden;
}

/** The reading room: the images with their maps, and one thin row that acts on all of them. */
export function Room({ predictions, hidden }: RoomProps) {
  const { t } = useTranslation();
  const room = useRef<HTMLElement>(null);
  const [settings, change] = useState(initialSettings);
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useState(() => readPreference("keys", ["on", "off"], "on") === "on");
  const fullScreen = useFullScreen(room);
  const narrow = useMediaQuery("(max-width: 999px)");
  const several = predictions.length > 1;
  const openHelp = () => {
    setHelp(true);
  };
  useViewerKeys({
    enabled: keys,
    count: predictions.length,
    change,
    fullScreen: fullScreen.toggle,
    help: openHelp,
  });
  return (
    <section ref={room} className={styles.room} aria-label={t("result.viewer.region")}>
      <Toolbar
        settings={settings}
        change={change}
        offers={{
          maps: !hidden,
          outline: predictions.some(({ region }) => region !== null),
          boxes: !hidden && predictions.some(hasBurnedIn),
          layout: several && !narrow,
        }}
        fullScreen={fullScreen}
        onHelp={openHelp}
      />
      {several && (narrow || settings.layout === "one") ? (
        <OneAtATime predictions={predictions} hidden={hidden} settings={settings} change={change} />
      ) : (
        <div className={styles.cards} data-count={predictions.length}>
          {predictions.map((prediction) => (
            <ImageCard
              key={prediction.id}
              prediction={prediction}
              hidden={hidden}
              settings={settings}
              change={change}
            />
          ))}
        </div>
      )}
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
    </section>
  );
}

interface OneAtATimeProps extends RoomProps {
  settings: ViewerSettings;
  change: SettingsChange;
}

function OneAtATime({ predictions, hidden, settings, change }: OneAtATimeProps) {
  const { t } = useTranslation();
  return (
    <Tabs
      className={styles.tabs}
      activeKey={predictions[settings.shown]?.modality}
      onChange={(key) => {
        const shown = predictions.findIndex(({ modality }) => modality === key);
        change((old) => ({ ...old, shown }));
      }}
      items={predictions.map((prediction) => ({
        key: prediction.modality,
        label: t(`modalities.${prediction.modality}.name`),
        children: (
          <div className={styles.cards} data-count={1}>
            <ImageCard
              prediction={prediction}
              hidden={hidden}
              settings={settings}
              change={change}
            />
          </div>
        ),
      }))}
    />
  );
}
