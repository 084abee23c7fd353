import { useSyncExternalStore, type RefObject } from "react";

function listen(notify: () => void) {
  document.addEventListener("fullscreenchange", notify);
  return () => {
    document.removeEventListener("fullscreenchange", notify);
  };
}

/** Full screen of one element, as a switch. */
export function useFullScreen(element: RefObject<HTMLElement | null>) {
  const on = useSyncExternalStore(listen, () => document.fullscreenElement !== null);
  function toggle() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void element.current?.requestFullscreen();
  }
  return { on, toggle };
}
