import { useEffect, useEffectEvent, useRef, type RefObject } from "react";

import { panBy, WHOLE, zoomAt, type Viewport } from "@/lib/viewport";

import { isMeantToZoom, pinched, type Touches } from "./gestures";

type Change = (change: (view: Viewport) => Viewport) => void;

const DOUBLE_CLICK_ZOOM = 2.5;

/** Where on the box (0..1) something happened. */
function share(event: MouseEvent, box: HTMLElement): readonly [number, number] {
  const { left, top, width, height } = box.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}

let scrolledAt = 0;
if (typeof window !== "undefined") {
  window.addEventListener("scroll", () => (scrolledAt = Date.now()), { passive: true });
}

/** Zoom and pan by wheel, pinch, drag and double click. */
export function useStageGestures(
  box: RefObject<HTMLElement | null>,
  enlarged: boolean,
  change: Change,
): void {
  const touches = useRef<Touches>(new Map());
  const zoomedAt = useRef(0);

  const onWheel = useEffectEvent((event: WheelEvent) => {
    const target = box.current;
    const now = Date.now();
    const times = { sinceScroll: now - scrolledAt, sinceZoom: now - zoomedAt.current };
    if (!target || !isMeantToZoom(event, { enlarged, ...times })) return;
    event.preventDefault();
    zoomedAt.current = now;
    const [px, py] = share(event, target);
    change((view) => zoomAt(view, Math.exp(-event.deltaY * 0.002), px, py));
  });
  const onDown = useEffectEvent((event: PointerEvent) => {
    const target = box.current;
    if (!target || event.button !== 0) return;
    touches.current.set(event.pointerId, share(event, target));
    if (enlarged || touches.current.size > 1) target.setPointerCapture(event.pointerId);
  });
  const onMove = useEffectEvent((event: PointerEvent) => {
    const target = box.current;
    const before = touches.current.get(event.pointerId);
    if (!target || !before) return;
    const after = share(event, target);
    if (touches.current.size > 1) {
      const { factor, middle, by } = pinched(touches.current, event.pointerId, after);
      change((view) => panBy(zoomAt(view, factor, ...middle), ...by));
    } else if (enlarged) {
      change((view) => panBy(view, after[0] - before[0], after[1] - before[1]));
    }
    touches.current.set(event.pointerId, after);
  });
  const onUp = useEffectEvent((event: PointerEvent) => {
    touches.current.delete(event.pointerId);
  });
  const onDoubleClick = useEffectEvent((event: MouseEvent) => {
    const target = box.current;
    if (!target) return;
    const [px, py] = share(event, target);
    change((view) => (view.scale > 1 ? WHOLE : zoomAt(view, DOUBLE_CLICK_ZOOM, px, py)));
  });

  useEffect(() => {
    const target = box.current;
    if (!target) return undefined;
    const stop = new AbortController();
    const options = { signal: stop.signal };
    target.addEventListener("wheel", (event) => onWheel(event), { ...options, passive: false });
    target.addEventListener("pointerdown", (event) => onDown(event), options);
    target.addEventListener("pointermove", (event) => onMove(event), options);
    for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
      target.addEventListener(end, (event) => onUp(event), options);
    }
    target.addEventListener("dblclick", (event) => onDoubleClick(event), options);
    return () => {
      stop.abort();
    };
  }, [box]);
}
