import { MODALITIES, type Modality } from "@/lib/taxonomy";

/** Shares of the picture's pixels, 0..1. */
export interface ColourShares {
  /** Clearly coloured. */
  coloured: number;
  /** Coloured green, yellow or cyan: an elastogram has them, a flow image hardly. */
  between: number;
}

export type Scores = Record<Modality, number>;

const NAMES: [Modality, RegExp][] = [
  ["elastography", /elasto|elastic|strain|(^|[^a-z])se([^a-z]|$)|弹性/i],
  ["cdfi", /cdfi|doppler|colou?r|flow|血流|彩/i],
  ["2d", /(^|[^a-z0-9])2d([^a-z0-9]|$)|b[-_ ]?mode|gr[ae]y|灰/i],
];

function nameScores(fileName: string): Scores {
  const scores: Scores = { "2d": 0, cdfi: 0, elastography: 0 };
  for (const [modality, pattern] of NAMES) if (pattern.test(fileName)) scores[modality] += 2;
  return scores;
}

/** How well a picture with these colours suits each modality. */
function colourScores({ coloured, between }: ColourShares): Scores {
  if (coloured < 0.004) return { "2d": 1, cdfi: 0, elastography: 0 };
  if (coloured > 0.2 || between > 0.05) return { "2d": 0, cdfi: 0.2, elastography: 1 };
  return { "2d": 0.1, cdfi: 1, elastography: 0.3 };
}

export function scoreFile(fileName: string, colours: ColourShares | null): Scores {
  const byName = nameScores(fileName);
  const byColour = colours ? colourScores(colours) : { "2d": 0, cdfi: 0, elastography: 0 };
  return {
    "2d": byName["2d"] + byColour["2d"],
    cdfi: byName.cdfi + byColour.cdfi,
    elastography: byName.elastography + byColour.elastography,
  };
}

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

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    orders([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

/**
 * The best slot for each file (at most three), free slots first.
 * Returns one modality a file, in the order of the files.
 */
export function assignSlots(scores: Scores[], free: readonly Modality[]): Modality[] {
  const bonus = (modality: Modality) => (free.includes(modality) ? 4 : 0);
  const worth = (order: Modality[]) =>
    scores.reduce((sum, score, index) => {
      const modality = order[index];
      return modality ? sum + score[modality] + bonus(modality) : sum;
    }, 0);
  const best = orders(MODALITIES).reduce((a, b) => (worth(b) > worth(a) ? b : a));
  return best.slice(0, scores.length);
}

/** Colour shares of a file the browser can decode, else null. */
export async function readColours(file: File): Promise<ColourShares | null> {
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: 96, resizeHeight: 72 });
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
