/** Points on the box, 0..1, by pointer. */
export type Touches = Map<number, readonly [number, number]>;

const STILL_SCROLLING_MS = 400;
const STILL_ZOOMING_MS = 400;

interface WheelState {
  enlarged: boolean;
  /** Milliseconds since the page was last scrolled, and since this image was last zoomed. */
  sinceScroll: number;
  sinceZoom: number;
}

/**
 * Whether a turn of the wheel over an image zooms it. It does with Ctrl (or a pinch, which browsers report the
 * same way) and while the image is enlarged. Else only inwards, and not when the image merely passed below the
 * pointer while the page was scrolled. The turn that brought the image back to its whole does not scroll on.
 */
export function isMeantToZoom(
  event: Pick<WheelEvent, "ctrlKey" | "deltaY">,
  { enlarged, sinceScroll, sinceZoom }: WheelState,
): boolean {
  if (event.ctrlKey || enlarged || sinceZoom < STILL_ZOOMING_MS) return true;
  return event.deltaY < 0 && sinceScroll > STILL_SCROLLING_MS;
}

const distance = ([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]) =>
  Math.hypot(ax - bx, ay - by);

/** What two fingers did when one of them moved: how much wider, around which point, and how far along. */
export function pinched(touches: Touches, moved: number, to: readonly [number, number]) {
  const from = touches.get(moved) ?? to;
  const anchor = [...touches].find(([id]) => id !== moved)?.[1] ?? to;
  const factor = distance(anchor, to) / Math.max(1e-6, distance(anchor, from));
  const middle = [(anchor[0] + from[0]) / 2, (anchor[1] + from[1]) / 2] as const;
  return { factor, middle, by: [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2] as const };
}
