/** What part of an image box is seen: x and y shift the box (in box widths and heights), scale ≥ 1 enlarges it. */
export interface Viewport {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Viewport = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 8;

/** No zoom may pull the image's edge into the box. */
function clamped({ scale, x, y }: Viewport): Viewport {
  const limit = 1 - scale;
  return { scale, x: Math.min(0, Math.max(limit, x)), y: Math.min(0, Math.max(limit, y)) };
}

/** Zooms so that the point (px, py), 0..1 of the box, stays where it is. */
export function zoomAt(view: Viewport, factor: number, px = 0.5, py = 0.5): Viewport {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const ratio = scale / view.scale;
  return clamped({ scale, x: px - (px - view.x) * ratio, y: py - (py - view.y) * ratio });
}

export function panBy(view: Viewport, dx: number, dy: number): Viewport {
  return clamped({ ...view, x: view.x + dx, y: view.y + dy });
}

export function viewportTransform({ scale, x, y }: Viewport): string {
  return `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
}
