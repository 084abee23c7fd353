import { useEffect, useEffectEvent, useState } from "react";

import { carriesFiles, droppedFiles, type Arrival } from "./transfer";

/** Files and folders dropped or pasted anywhere on the page. True while a drag is over the window. */
export function useIncomingFiles(onArrival: (arrival: Arrival) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const take = useEffectEvent(onArrival);

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
      void droppedFiles(event.dataTransfer).then(take);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) take({ files, folder: false });
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
