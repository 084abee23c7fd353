import { COLORMAPS } from "@/lib/colormap";
import { writePreference } from "@/lib/preferences";
import { CLASS_NAMES } from "@/lib/taxonomy";
import { panBy, WHOLE, zoomAt } from "@/lib/viewport";

import { boxesSwitched, layoutSwitched, type ViewerSettings } from "./settings";

const STEP = 0.05;
const ZOOM_STEP = 1.25;

/** A share moved by so many steps, within 0..1. */
const stepped = (value: number, steps: number) =>
  Math.min(1, Math.max(0, Math.round(value / STEP + steps) * STEP));

type KeyAction = (settings: ViewerSettings) => ViewerSettings;

const opacity = (steps: number) => (s: ViewerSettings) => ({
  ...s,
  opacity: stepped(s.opacity, steps),
});
const threshold = (steps: number) => (s: ViewerSettings) => ({
  ...s,
  threshold: stepped(s.threshold, steps),
});
const zoom = (factor: number) => (s: ViewerSettings) => ({
  ...s,
  viewport: zoomAt(s.viewport, factor),
});
const other = <T extends string>(values: readonly T[], value: T): T =>
  values.find((one) => one !== value) ?? value;

export const KEY_ACTIONS: Record<string, KeyAction> = {
  ...Object.fromEntries(
    CLASS_NAMES.map((choice, index) => [
      String(index + 1),
      (s: ViewerSettings) => ({ ...s, choice }),
    ]),
  ),
  a: (s) => ({ ...s, choice: "own" }),
  i: (s) => ({ ...s, mode: "image" }),
  b: (s) => ({ ...s, mode: "blend" }),
  m: (s) => ({ ...s, mode: "map" }),
  "[": opacity(-2),
  "]": opacity(2),
  ",": threshold(-1),
  ".": threshold(1),
  c: (s) => {
    const colormap = other(COLORMAPS, s.colormap);
    writePreference("colormap", colormap);
    return { ...s, colormap };
  },
  r: (s) => ({ ...s, outline: !s.outline }),
  t: boxesSwitched,
  s: layoutSwitched,
  "+": zoom(ZOOM_STEP),
  "=": zoom(ZOOM_STEP),
  "-": zoom(1 / ZOOM_STEP),
  "0": (s) => ({ ...s, viewport: WHOLE }),
};

/** Arrow keys move the picture while it has the focus. */
export const PAN_KEYS: Record<string, [number, number]> = {
  ArrowLeft: [0.1, 0],
  ArrowRight: [-0.1, 0],
  ArrowUp: [0, 0.1],
  ArrowDown: [0, -0.1],
};

export function panByKey(settings: ViewerSettings, key: string): ViewerSettings {
  const move = PAN_KEYS[key];
  return move ? { ...settings, viewport: panBy(settings.viewport, ...move) } : settings;
}

/** The next image (or with -1 the one before) of `count`, around the end. */
export const turned =
  (by: number, count: number): KeyAction =>
  (s) => ({ ...s, shown: (s.shown + by + count) % count });
