import {
  BorderOutlined,
  CompressOutlined,
  ExpandOutlined,
  MinusOutlined,
  PlusOutlined,
  QuestionCircleOutlined,
} from "@ant-design/icons";
import { Button, Segmented, Tooltip } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { ClassGlyph } from "@/components/ClassGlyph";
import { CropGlyph } from "@/components/CropGlyph";
import { IconButton } from "@/components/IconButton";
import { InlineHelp } from "@/components/InlineHelp";
import { CLASS_NAMES } from "@/lib/taxonomy";
import { WHOLE, zoomAt } from "@/lib/viewport";

import { Legend } from "./Legend";
import { MoreOfMap, type PartProps } from "./MoreOfMap";
import { PercentSlider } from "./PercentSlider";
import {
  boxesSwitched,
  layoutSwitched,
  MODES,
  type MapChoice,
  type SettingsChange,
  type ViewerSettings,
} from "./settings";
import { TextBoxGlyph } from "./TextBoxGlyph";
import styles from "./Toolbar.module.css";

interface ToolbarProps {
  settings: ViewerSettings;
  change: SettingsChange;
  /** What these images offer beside maps: a region that was used, boxes, and a choice of layout. */
  offers: { maps: boolean; outline: boolean; boxes: boolean; layout: boolean };
  fullScreen: { on: boolean; toggle: () => void };
  onHelp: () => void;
}

/** One thin row over the images; it acts on all of them. */
export function Toolbar({ settings, change, offers, fullScreen, onHelp }: ToolbarProps) {
  const set = (part: Partial<ViewerSettings>) => {
    change((old) => ({ ...old, ...part }));
  };
  return (
    <div className={styles.toolbar}>
      {offers.maps && <ChoiceOfMap settings={settings} set={set} />}
      {offers.maps && <LookOfMap settings={settings} set={set} />}
      <div className={styles.end}>
        <ZoomButtons settings={settings} change={change} />
        <LookOfImages settings={settings} set={set} offers={offers} />
        <ScreenButtons fullScreen={fullScreen} onHelp={onHelp} />
      </div>
    </div>
  );
}

function ChoiceOfMap({ settings, set }: PartProps) {
  const { t } = useTranslation();
  const id = useId();
  const options = [
    { value: "own" as MapChoice, label: t("result.viewer.own_answer") },
    ...CLASS_NAMES.map((name) => ({
      value: name as MapChoice,
      label: (
        <span className={styles.choice}>
          <ClassGlyph name={name} size={10} />
          {t(`classes.${name}`)}
        </span>
      ),
    })),
  ];
  return (
    <div className={styles.group}>
      <span id={id} className={styles.name}>
        {t("result.viewer.map_of")}
      </span>
      <Segmented
        aria-labelledby={id}
        options={options}
        value={settings.choice}
        onChange={(choice) => {
          set({ choice });
        }}
      />
      <InlineHelp label={t("actions.what")} title={t("result.viewer.what_is_map")}>
        {t("result.viewer.map_explained")}
      </InlineHelp>
    </div>
  );
}

function LookOfMap({ settings, set }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.group}>
      <Segmented
        aria-label={t("result.viewer.mode")}
        options={MODES.map((mode) => ({ value: mode, label: t(`result.viewer.${mode}`) }))}
        value={settings.mode}
        onChange={(mode) => {
          set({ mode });
        }}
      />
      <PercentSlider
        label={t("result.viewer.opacity")}
        value={settings.opacity}
        disabled={settings.mode !== "blend"}
        onChange={(opacity) => {
          set({ opacity });
        }}
      />
      <Legend colormap={settings.colormap} threshold={settings.threshold} />
      <MoreOfMap settings={settings} set={set} />
    </div>
  );
}

function LookOfImages({ settings, set, offers }: PartProps & Pick<ToolbarProps, "offers">) {
  const { t } = useTranslation();
  const { outline, boxes, layout } = settings;
  return (
    <>
      {offers.outline && (
        <IconButton
          label={t("result.viewer.outline")}
          icon={<CropGlyph />}
          pressed={outline}
          onClick={() => {
            set({ outline: !outline });
          }}
        />
      )}
      {offers.boxes && (
        <IconButton
          label={t("result.viewer.boxes")}
          icon={<TextBoxGlyph />}
          pressed={boxes}
          onClick={() => {
            set(boxesSwitched(settings));
          }}
        />
      )}
      {offers.layout && (
        <IconButton
          label={t("result.viewer.one_large")}
          icon={<BorderOutlined />}
          pressed={layout === "one"}
          onClick={() => {
            set(layoutSwitched(settings));
          }}
        />
      )}
    </>
  );
}

function ZoomButtons({ settings, change }: Pick<ToolbarProps, "settings" | "change">) {
  const { t } = useTranslation();
  const zoom = (factor: number) => {
    change((old) => ({ ...old, viewport: zoomAt(old.viewport, factor) }));
  };
  return (
    <>
      <IconButton
        label={t("result.viewer.zoom_out")}
        icon={<MinusOutlined />}
        onClick={() => {
          zoom(0.8);
        }}
      />
      <Tooltip title={`${t("result.viewer.zoom_reset")}. ${t("result.viewer.wheel_hint")}`}>
        <Button
          type="text"
          className={styles.scale}
          aria-label={t("result.viewer.zoom_reset")}
          onClick={() => {
            change((old) => ({ ...old, viewport: WHOLE }));
          }}
        >
          {settings.viewport.scale.toFixed(1)}×
        </Button>
      </Tooltip>
      <IconButton
        label={t("result.viewer.zoom_in")}
        icon={<PlusOutlined />}
        onClick={() => {
          zoom(1.25);
        }}
      />
    </>
  );
}

function ScreenButtons({ fullScreen, onHelp }: Pick<ToolbarProps, "fullScreen" | "onHelp">) {
  const { t } = useTranslation();
  return (
    <>
      <IconButton
        label={t(fullScreen.on ? "result.viewer.leave_full_screen" : "result.viewer.full_screen")}
        icon={fullScreen.on ? <CompressOutlined /> : <ExpandOutlined />}
        onClick={fullScreen.toggle}
      />
      <IconButton
        label={t("result.viewer.shortcuts")}
        icon={<QuestionCircleOutlined />}
        onClick={onHelp}
      />
    </>
  );
}
