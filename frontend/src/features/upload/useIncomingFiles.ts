import { useEffect, useEffectEvent, useState } from "react";

import { carriesFiles, droppedFiles } from "./transfer";

/** Files dropped or pasted anywhere on the page. True while a drag is over the window. */
export function useIncomingFiles(onFiles: (files: File[]) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const take = useEffectEvent(onFiles);

  useEffect(() => {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const over = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    // Slots stop the event when they take the drop, so the end of a drag is heard on the way down.
    const end = () => {
      setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      take(droppedFiles(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent) => {
      take([...(event.clipboardData?.files ?? [])]);
    };
    window.addEventListener("dragover", over, options);
    window.addEventListener("dragleave", leave, options);
    window.addEventListener("drop", end, { ...options, capture: true });
    window.addEventListener("drop", drop, options);
    window.addEventListener("paste", paste, options);
    return () => {
      stop.abort();
    };
  }, []);

  return dragging;
}
