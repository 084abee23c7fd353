/**
 * The only place colours are named. Classes are Okabe–Ito hues, darker in the light theme (≥ 3:1 on the panel);
 * `control` is the edge of what one types in or ticks (≥ 3:1 on panel and raised).
 */
export const THEMES = ["dark", "light"] as const;
export type ThemeName = (typeof THEMES)[number];

export const PALETTE = {
  dark: {
    page: "#0b0f14",
    panel: "#121821",
    raised: "#1a2330",
    stage: "#05070a",
    line: "#253041",
    control: "#5c6d88",
    text: "#e6ebf2",
    "text-quiet": "#9aa7b8",
    accent: "#3b7ddd",
    "accent-hover": "#3a73c5",
    link: "#86b6f7",
    track: "#273243",
    warning: "#e3b341",
    danger: "#fa7d84",
    benign: "#009e73",
    lymphoma: "#e69f00",
    metastatic: "#cc79a7",
  },
  light: {
    page: "#f6f7f9",
    panel: "#ffffff",
    raised: "#eef1f5",
    stage: "#0b0f14",
    line: "#d8dee7",
    control: "#7d8a9b",
    text: "#17202c",
    "text-quiet": "#566273",
    accent: "#1f5fbf",
    "accent-hover": "#2a6aca",
    link: "#1a56b0",
    track: "#e3e8ef",
    warning: "#8a5a00",
    danger: "#b3261e",
    benign: "#00785a",
    lymphoma: "#9a6400",
    metastatic: "#a3467c",
  },
} as const satisfies Record<ThemeName, Record<string, string>>;

/** Hands the colours to our own style sheets as custom properties of the root element. */
export function applyPalette(theme: ThemeName): void {
  const root = document.documentElement;
  root.dataset.theme = theme;
  for (const [name, value] of Object.entries(PALETTE[theme])) {
    root.style.setProperty(`--${name}`, value);
  }
}
