import type { Region, Size } from "@/lib/region";

import styles from "./RegionOutline.module.css";

interface RegionOutlineProps {
  region: Region;
  size: Size;
}

/** Dims what the model does not see. Fills its box and fits it as the image below does (contain). */
export function RegionOutline({ region: { x, y, width, height }, size }: RegionOutlineProps) {
  const outer = `M0 0H${size.width}V${size.height}H0z`;
  const inner = `M${x} ${y}v${height}h${width}v${-height}z`;
  return (
    <svg
      className={styles.outline}
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
      data-testid="region"
    >
      <path className={styles.dim} d={outer + inner} fillRule="evenodd" />
      <path className={styles.halo} d={inner} />
      <path className={styles.line} d={inner} />
    </svg>
  );
}
