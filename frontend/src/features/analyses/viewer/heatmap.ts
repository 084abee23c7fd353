import { queryOptions } from "@tanstack/react-query";

/** A map as one byte a pixel; at most MAX_SIDE wide or high, which is far finer than the network's cells. */
export interface Heatmap {
  values: Uint8Array;
  width: number;
  height: number;
}

const MAX_SIDE = 768;

export function fittedSize(width: number, height: number): { width: number; height: number } {
  const factor = Math.min(1, MAX_SIDE / Math.max(width, height));
  return { width: Math.round(width * factor), height: Math.round(height * factor) };
}

async function heatmapLoad(url: string): Promise<Heatmap> {
  const address = new URL(url, window.location.origin);
  address.searchParams.set("style", "heatmap");
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The map answered ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob(), { colorSpaceConversion: "none" });
  const { width, height } = fittedSize(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser gives no canvas");
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  return {
    values: Uint8Array.from({ length: width * height }, (_, i) => rgba[i * 4] ?? 0),
    width,
    height,
  };
}

/** A stored map never changes: fetched once, coloured here as often as wanted. */
export function heatmapQuery(url: string | null) {
  return queryOptions({
    queryKey: ["heatmap", url],
    queryFn: () => heatmapLoad(url ?? ""),
    enabled: url !== null,
    staleTime: Infinity,
    gcTime: 60_000,
  });
}
