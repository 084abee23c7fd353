import { useEffect, useEffectEvent, type RefObject } from "react";

import { panBy, WHOLE, zoomAt, type Viewport } from "@/lib/viewport";

type Change = (change: (view: Viewport) => Viewport) => void;

/** Where on the box (0..1) an event happened. */
function share(event: MouseEvent, box: HTMLElement): [number, number] {
  const { left, top, width, height } = box.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}

/**
 * Zoom and pan by wheel, drag and double click. The plain wheel scrolls the page as usual until the image is
 * enlarged; with Ctrl (or a pinch, which browsers report the same way) it zooms at once.
 */
export function useStageGestures(
  box: RefObject<HTMLElement | null>,
  enlarged: boolean,
  change: Change,
): void {
  const onWheel = useEffectEvent((event: WheelEvent) => {
    const target = box.current;
    if (!target || !(enlarged || event.ctrlKey || document.fullscreenElement)) return;
    event.preventDefault();
    const [px, py] = share(event, target);
    change((view) => zoomAt(view, Math.exp(-event.deltaY * 0.002), px, py));
  });
  const onDrag = useEffectEvent((event: PointerEvent) => {
    const target = box.current;
    if (!target?.hasPointerCapture(event.pointerId)) return;
    const { width, height } = target.getBoundingClientRect();
    change((view) => panBy(view, event.movementX / width, event.movementY / height));
  });
  const onDoubleClick = useEffectEvent((event: MouseEvent) => {
    const target = box.current;
    if (!target) return;
    const [px, py] = share(event, target);
    change((view) => (view.scale > 1 ? WHOLE : zoomAt(view, 2.5, px, py)));
  });
  const onDown = useEffectEvent((event: PointerEvent) => {
    if (enlarged && event.button === 0) box.current?.setPointerCapture(event.pointerId);
  });

  useEffect(() => {
    const target = box.current;
    if (!target) return undefined;
    const stop = new AbortController();
    const options = { signal: stop.signal };
    target.addEventListener("wheel", (event) => onWheel(event), { ...options, passive: false });
    target.addEventListener("pointerdown", (event) => onDown(event), options);
    target.addEventListener("pointermove", (event) => onDrag(event), options);
    target.addEventListener("dblclick", (event) => onDoubleClick(event), options);
    return () => {
      stop.abort();
    };
  }, [box]);
}
