import { useEffect, useEffectEvent } from "react";

import { CLASS_NAMES } from "@/lib/taxonomy";
import { panBy, WHOLE, zoomAt } from "@/lib/viewport";

import type { ViewerSettings } from "./settings";

export type SettingsChange = (change: (settings: ViewerSettings) => ViewerSettings) => void;

const step = (value: number, by: number) =>
  Math.min(1, Math.max(0, Math.round((value + by) * 20) / 20));

type KeyAction = (settings: ViewerSettings) => ViewerSettings;

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
  "[": (s) => ({ ...s, opacity: step(s.opacity, -0.1) }),
  "]": (s) => ({ ...s, opacity: step(s.opacity, 0.1) }),
  c: (s) => ({ ...s, colormap: s.colormap === "inferno" ? "jet" : "inferno" }),
  "+": (s) => ({ ...s, viewport: zoomAt(s.viewport, 1.25) }),
  "=": (s) => ({ ...s, viewport: zoomAt(s.viewport, 1.25) }),
  "-": (s) => ({ ...s, viewport: zoomAt(s.viewport, 0.8) }),
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

const TEXT_FIELDS = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TEXT_FIELDS) !== null;
}

/** Single keys for the viewer, anywhere on the page but in fields. */
export function useViewerKeys(
  enabled: boolean,
  change: SettingsChange,
  extra: { fullScreen: () => void; help: () => void },
): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
      return;
    if (event.key === "f") return extra.fullScreen();
    if (event.key === "?") return extra.help();
    const action = KEY_ACTIONS[event.key];
    if (action) change(action);
  });
  useEffect(() => {
    const stop = new AbortController();
    window.addEventListener("keydown", (event) => onKey(event), { signal: stop.signal });
    return () => {
      stop.abort();
    };
  }, []);
}
