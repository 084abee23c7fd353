import { App, ConfigProvider } from "antd";
import type { Locale } from "antd/es/locale";
import enUS from "antd/locale/en_US";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { applyPalette, THEMES, type ThemeName } from "@/lib/palette";
import { readPreference, writePreference } from "@/lib/preferences";

import { antdTheme } from "./theme";

interface ThemeSwitch {
  theme: ThemeName;
  toggle: () => void;
}

const ThemeContext = createContext<ThemeSwitch>({ theme: "dark", toggle: () => undefined });

export const storedTheme = () => readPreference("theme", THEMES, "dark");

/** Ant Design's own words follow the language; the Chinese ones are loaded when wanted. */
function useAntdLocale(): Locale {
  const { i18n } = useTranslation();
  const [chinese, setChinese] = useState<Locale | null>(null);
  const wanted = i18n.language === "zh";
  useEffect(() => {
    if (wanted) void import("antd/locale/zh_CN").then((module) => setChinese(module.default));
  }, [wanted]);
  return wanted && chinese ? chinese : enUS;
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState<ThemeName>(storedTheme);
  const locale = useAntdLocale();
  const config = useMemo(() => antdTheme(theme), [theme]);
  const value = useMemo(
    () => ({
      theme,
      toggle: () => {
        const next = theme === "dark" ? "light" : "dark";
        writePreference("theme", next);
        applyPalette(next);
        setTheme(next);
      },
    }),
    [theme],
  );
  return (
    <ThemeContext value={value}>
      <ConfigProvider theme={config} locale={locale} button={{ autoInsertSpace: false }}>
        <App>{children}</App>
      </ConfigProvider>
    </ThemeContext>
  );
}

export function useTheme(): ThemeSwitch {
  return use(ThemeContext);
}
