import type { Prediction } from "@/api/types";

import { burnedInPlaces, type BurnedIn } from "./burnedIn";
import styles from "./BurnedIn.module.css";

/** Outlines of what is burned in, one kind of line each. Fits its box as the image below does (contain). */
export function BurnedInBoxes({ prediction }: { prediction: Prediction }) {
  return (
    <svg
      className={styles.boxes}
      viewBox={`0 0 ${prediction.width} ${prediction.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
      data-testid="burned-in"
    >
      {burnedInPlaces(prediction, prediction).map(({ kind, places }) =>
        places.map((place) => (
          <g key={`${kind} ${place.x} ${place.y}`} data-kind={kind}>
            <rect className={styles.halo} {...place} />
            <rect className={styles.line} {...place} />
          </g>
        )),
      )}
    </svg>
  );
}

/** The line of a kind as it is on the image, for the key. */
export function BurnedInSign({ kind }: { kind: BurnedIn }) {
  return (
    <svg className={styles.sign} viewBox="0 0 24 14" data-kind={kind} aria-hidden>
      <rect className={styles.line} x={3} y={3} width={18} height={8} />
    </svg>
  );
}
