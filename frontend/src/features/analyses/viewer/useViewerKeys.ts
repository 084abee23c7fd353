import { useEffect, useEffectEvent } from "react";

import { KEY_ACTIONS, turned } from "./keys";
import type { SettingsChange } from "./settings";

const TEXT_FIELDS = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TEXT_FIELDS) !== null;
}

interface KeyOptions {
  enabled: boolean;
  /** How many images there are to turn over. */
  count: number;
  change: SettingsChange;
  fullScreen: () => void;
  help: () => void;
}

/** Single keys for the viewer, anywhere on the page but in fields. */
export function useViewerKeys({ enabled, count, change, fullScreen, help }: KeyOptions): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
      return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "f") return fullScreen();
    if (key === "?") return help();
    if (key === "n") return change(turned(event.shiftKey ? -1 : 1, count));
    const action = KEY_ACTIONS[key];
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
