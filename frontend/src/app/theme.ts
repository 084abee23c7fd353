import { theme as antd, type ThemeConfig } from "antd";

import { PALETTE, type ThemeName } from "@/lib/palette";

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** Ant Design in our colours. */
export function antdTheme(name: ThemeName): ThemeConfig {
  const colours = PALETTE[name];
  const control = { colorBorder: colours.control };
  return {
    algorithm: name === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 6,
      motionDurationSlow: "0.18s",
      motionDurationMid: "0.14s",
      colorPrimary: colours.accent,
      colorPrimaryHover: colours["accent-hover"],
      colorInfo: colours.accent,
      colorLink: colours.link,
      colorLinkHover: colours.link, // antd's own is too faint to read
      colorBgLayout: colours.page,
      colorBgContainer: colours.panel,
      colorBgElevated: colours.raised,
      colorBorder: colours.line,
      colorBorderSecondary: colours.line,
      colorText: colours.text,
      colorTextSecondary: colours["text-quiet"],
      colorTextDescription: colours["text-quiet"],
      colorTextPlaceholder: colours["text-quiet"],
      colorError: colours.danger,
      colorWarning: colours.warning,
      ...(name === "light" && { colorWarningBg: "#fff7e6", colorWarningBorder: "#e5c88a" }), // antd's own is mud
      colorSuccess: colours.benign,
      opacityLoading: 1, // faded, the button's words are too faint to read; the spinner says the same
    },
    components: {
      Button: {
        // As words under the pointer, the accent is too faint to read in the dark.
        defaultHoverColor: colours.link,
        defaultHoverBorderColor: colours.link,
        defaultActiveColor: colours.link,
        defaultActiveBorderColor: colours.link,
        // The dark theme's red is light: white words on it are too faint to read.
        ...(name === "dark" && { dangerColor: colours.page }),
      },
      Input: control,
      Select: control,
      Checkbox: control,
      Radio: control,
      Segmented: { trackBg: colours.raised, itemSelectedBg: colours.line },
      Popover: { titleMinWidth: 120 },
      Tabs: {
        itemSelectedColor: colours.link,
        itemHoverColor: colours.link,
        inkBarColor: colours.link,
      },
    },
  };
}
