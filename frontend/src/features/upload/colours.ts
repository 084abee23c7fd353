/** Shares of the picture's pixels, 0..1. */
export interface ColourShares {
  /** Clearly coloured. */
  coloured: number;
  /** Coloured green, yellow or cyan: an elastogram has them, a flow image hardly. */
  between: number;
}

const LOOKED_AT = { resizeWidth: 96, resizeHeight: 72 };

/** Counts colours in RGBA pixels. */
export function colourShares(rgba: Uint8ClampedArray): ColourShares {
  let coloured = 0;
  let between = 0;
  for (let index = 0; index < rgba.length; index += 4) {
    const [red = 0, green = 0, blue = 0] = rgba.subarray(index, index + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) < 48) continue;
    coloured += 1;
    if (green >= red && green >= blue) between += 1;
  }
  const pixels = Math.max(1, rgba.length / 4);
  return { coloured: coloured / pixels, between: between / pixels };
}

/** Colour shares of a picture the browser can decode, else null. */
export async function readColours(picture: Blob): Promise<ColourShares | null> {
  try {
    const bitmap = await createImageBitmap(picture, LOOKED_AT);
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return null;
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    return colourShares(context.getImageData(0, 0, canvas.width, canvas.height).data);
  } catch {
    return null;
  }
}

/** The bytes of a `data:` URI, which the content policy does not let `fetch` read. */
export function blobOf(dataUri: string): Blob {
  const [head = "", base64 = ""] = dataUri.split(",");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: /^data:([^;]+)/.exec(head)?.[1] });
}
