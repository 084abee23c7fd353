import i18n from "i18next";
import { initReactI18next } from "react-i18next";

import { readPreference, writePreference } from "@/lib/preferences";

import type { en } from "./en";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

const HTML_LANG: Record<Language, string> = { en: "en", zh: "zh-CN" };

/** Each language is a file of its own: a browser loads the one it shows. */
const WORDINGS = {
  en: async () => (await import("./en")).en,
  zh: async () => (await import("./zh")).zh,
};

function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

async function languageLoad(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", await WORDINGS[language]());
  }
}

export async function startLanguage(): Promise<void> {
  const language = readPreference("language", LANGUAGES, browserLanguage());
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await languageSwitch(language);
}

export async function languageSwitch(language: Language): Promise<void> {
  await languageLoad(language);
  await i18n.changeLanguage(language);
  document.documentElement.lang = HTML_LANG[language];
  writePreference("language", language);
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

export { i18n };
