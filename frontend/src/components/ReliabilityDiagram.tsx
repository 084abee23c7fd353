import styles from "./ReliabilityDiagram.module.css";

export interface ReliabilityPoint {
  /** Mean of the stated probability, and share of right answers; 0..1. */
  stated: number;
  right: number;
  low?: number | null;
  high?: number | null;
}

const SIZE = 200;
const at = (value: number) => value * SIZE;

/** Stated probability to the right, share of right answers upwards; on the diagonal the two are equal. */
export function ReliabilityDiagram({ points }: { points: ReliabilityPoint[] }) {
  return (
    <svg
      className={styles.diagram}
      viewBox={`-6 -6 ${SIZE + 12} ${SIZE + 12}`}
      width={SIZE}
      height={SIZE}
      aria-hidden
    >
      <rect width={SIZE} height={SIZE} className={styles.frame} />
      <path d={`M0 ${SIZE}L${SIZE} 0`} className={styles.ideal} />
      {points.map(({ stated, right, low, high }) => (
        <g key={stated}>
          {low != null && high != null && (
            <path
              className={styles.whisker}
              d={`M${at(stated)} ${SIZE - at(low)}V${SIZE - at(high)}`}
            />
          )}
          <circle cx={at(stated)} cy={SIZE - at(right)} r={4} className={styles.dot} />
        </g>
      ))}
    </svg>
  );
}
