import { ControlOutlined } from "@ant-design/icons";
import { Button, Popover, Segmented } from "antd";
import { useTranslation } from "react-i18next";

import { COLORMAPS } from "@/lib/colormap";
import { writePreference } from "@/lib/preferences";

import { PercentSlider } from "./PercentSlider";
import type { ViewerSettings } from "./settings";
import styles from "./Toolbar.module.css";

export interface PartProps {
  settings: ViewerSettings;
  set: (part: Partial<ViewerSettings>) => void;
}

/** What is wanted less often: the colours of the map and the value below which it is hidden. */
export function MoreOfMap({ settings, set }: PartProps) {
  const { t } = useTranslation();
  const panel = (
    <div className={styles.more}>
      <Segmented
        aria-label={t("result.viewer.colours")}
        options={COLORMAPS.map((name) => ({
          value: name,
          label: t(`result.viewer.colormap.${name}`),
        }))}
        value={settings.colormap}
        onChange={(colormap) => {
          writePreference("colormap", colormap);
          set({ colormap });
        }}
      />
      <PercentSlider
        label={t("result.viewer.threshold")}
        value={settings.threshold}
        disabled={settings.mode === "image"}
        onChange={(threshold) => {
          set({ threshold });
        }}
      />
    </div>
  );
  return (
    <Popover trigger="click" content={panel}>
      <Button
        type="text"
        aria-label={t("result.viewer.colours_and_threshold")}
        icon={<ControlOutlined />}
      />
    </Popover>
  );
}
