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
  await languageShow(language);
}

async function languageShow(language: Language): Promise<void> {
  await languageLoad(language);
  await i18n.changeLanguage(language);
  document.documentElement.lang = HTML_LANG[language];
}

/** Somebody's own choice: it is kept in this browser, and outranks the site's. */
export async function languageSwitch(language: Language): Promise<void> {
  await languageShow(language);
  writePreference("language", language);
}

/** The site's language, for who has chosen none. */
export async function languagePropose(language: Language): Promise<void> {
  const chosen = readPreference("language", ["none", ...LANGUAGES], "none");
  if (chosen === "none" && i18n.language !== language) await languageShow(language);
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

export { i18n };
