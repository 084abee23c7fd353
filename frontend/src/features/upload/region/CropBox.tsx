import { useRef, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";

import { RegionOutline } from "@/components/RegionOutline";
import {
  dragged,
  HANDLES,
  partOf,
  spanned,
  type Handle,
  type Region,
  type Size,
} from "@/lib/region";

import styles from "./region.module.css";

interface CropBoxProps {
  src: string;
  size: Size;
  /** The shortest side that the server takes. */
  least: number;
  region: Region;
  onChange: (region: Region) => void;
}

type Point = readonly [number, number];

interface Drag {
  from: Point;
  /** The region when it was taken hold of; null while a new one is drawn. */
  hold: { handle: Handle; region: Region } | null;
}

const MOVES: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAST = 10;
/** Image pixels: less is an unsteady click, not a new box. */
const JITTER = 6;

/** The image with the region over it: drag the box, its edges, or a new box beside it; or use the arrow keys. */
export function CropBox({ src, size, least, region, onChange }: CropBoxProps) {
  const { t } = useTranslation();
  const board = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag>(null);

  function pointOf(event: PointerEvent): Point {
    const box = board.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    const x = ((event.clientX - box.left) / box.width) * size.width;
    return [x, ((event.clientY - box.top) / box.height) * size.height];
  }

  function begin(event: PointerEvent, handle: Handle | null) {
    if (event.button !== 0) return;
    event.stopPropagation();
    board.current?.setPointerCapture(event.pointerId);
    drag.current = { from: pointOf(event), hold: handle && { handle, region } };
  }

  function move(event: PointerEvent) {
    if (!drag.current || !board.current?.hasPointerCapture(event.pointerId)) return;
    const { from, hold } = drag.current;
    const to = pointOf(event);
    const by: Point = [to[0] - from[0], to[1] - from[1]];
    if (!hold && Math.hypot(...by) < JITTER) return;
    onChange(
      hold ? dragged(hold.region, hold.handle, by, size, least) : spanned(from, to, size, least),
    );
  }

  function key(event: KeyboardEvent) {
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    const pace = event.shiftKey ? FAST : 1;
    const handle = event.altKey ? "se" : "move";
    onChange(dragged(region, handle, [step[0] * pace, step[1] * pace], size, least));
  }

  const end = () => {
    drag.current = null;
  };
  const whole = partOf(region, size) === null;
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  return (
    <div
      ref={board}
      className={styles.board}
      style={{ "--ratio": size.width / size.height } as React.CSSProperties}
      onPointerDown={(event) => {
        begin(event, null);
      }}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <img src={src} alt="" draggable={false} />
      <RegionOutline region={region} size={size} />
      {/* A box that takes keys: the role says so to screen readers. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className={styles.box}
        data-testid="crop-box"
        data-whole={whole || undefined}
        role="application"
        aria-label={t("upload.region.box")}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        style={{
          left: percent(region.x, size.width),
          top: percent(region.y, size.height),
          width: percent(region.width, size.width),
          height: percent(region.height, size.height),
        }}
        onPointerDown={(event) => {
          begin(event, whole ? null : "move"); // a box over everything is not moved: a new one is drawn
        }}
        onKeyDown={key}
      >
        {HANDLES.map((handle) => (
          <span
            key={handle}
            className={styles.handle}
            data-handle={handle}
            onPointerDown={(event) => {
              begin(event, handle);
            }}
          />
        ))}
      </div>
    </div>
  );
}
