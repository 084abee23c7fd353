import { useEffect, useRef } from "react";

import { colourise, type MapStyle } from "@/lib/colormap";

import type { Heatmap } from "./heatmap";
import styles from "./viewer.module.css";

interface HeatmapCanvasProps extends MapStyle {
  heatmap: Heatmap;
  opacity: number;
}

/** The map in colours, laid exactly over the image: same aspect, same fit. */
export function HeatmapCanvas({
  heatmap,
  opacity,
  colormap,
  threshold,
  opaque,
}: HeatmapCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const pixels = colourise(heatmap.values, { colormap, threshold, opaque });
    context.putImageData(new ImageData(pixels, heatmap.width, heatmap.height), 0, 0);
  }, [heatmap, colormap, threshold, opaque]);
  return (
    <canvas
      ref={canvas}
      className={styles.layer}
      width={heatmap.width}
      height={heatmap.height}
      style={{ opacity }}
      data-testid="heatmap"
    />
  );
}
