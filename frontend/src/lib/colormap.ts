import { TABLES } from "./colormap-tables";

export const COLORMAPS = ["inferno", "jet"] as const;
export type ColormapName = (typeof COLORMAPS)[number];

export interface MapStyle {
  colormap: ColormapName;
  /** Values below it (0..1) are left out. */
  threshold: number;
  /** True: the map alone. False: transparency grows with the value, so low attention leaves the image untouched. */
  opaque: boolean;
}

const decoded = new Map<ColormapName, Uint8Array>();

/** 256 RGB triples. */
export function colormapTable(name: ColormapName): Uint8Array {
  const known = decoded.get(name);
  if (known) return known;
  const table = Uint8Array.from(atob(TABLES[name]), (character) => character.charCodeAt(0));
  decoded.set(name, table);
  return table;
}

/** Alpha 0..255 of a map value 0..255: a smooth rise, full from about two thirds on. */
function blendAlpha(value: number): number {
  return Math.round(255 * Math.min(1, (value / 170) ** 1.2));
}

/** Map values (0..255, one a pixel) to RGBA pixels. */
export function colourise(values: Uint8Array, style: MapStyle): Uint8ClampedArray<ArrayBuffer> {
  const table = colormapTable(style.colormap);
  const floor = Math.round(style.threshold * 255);
  const pixels = new Uint8ClampedArray(values.length * 4);
  const alphas = Uint8Array.from({ length: 256 }, (_, value) => {
    if (floor > 0 && value < floor) return 0;
    return style.opaque ? 255 : blendAlpha(value);
  });
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    pixels[index * 4] = table[value * 3] ?? 0;
    pixels[index * 4 + 1] = table[value * 3 + 1] ?? 0;
    pixels[index * 4 + 2] = table[value * 3 + 2] ?? 0;
    pixels[index * 4 + 3] = alphas[value] ?? 0;
  }
  return pixels;
}

/** The legend as a CSS gradient from low to high. */
export function legendGradient(name: ColormapName): string {
  const table = colormapTable(name);
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map((value) => {
    const rgb = [0, 1, 2].map((channel) => table[value * 3 + channel] ?? 0);
    return `rgb(${rgb.join(" ")})`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
