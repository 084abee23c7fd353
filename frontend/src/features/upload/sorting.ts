import { MODALITIES, type Modality } from "@/lib/taxonomy";

import type { ColourShares } from "./colours";

export type Scores = Record<Modality, number>;

/** Where a file seems to belong, and what says so. */
export interface Suggestion {
  modality: Modality;
  by: "dicom" | "name" | "colours";
  scores: Scores;
}

export interface Evidence {
  fileName: string;
  colours: ColourShares | null;
  /** What the DICOM header says. */
  header: Modality | null;
}

const NAMES: [Modality, RegExp][] = [
  ["elastography", /elasto|elastic|strain|(^|[^a-z])se([^a-z]|$)|弹性/i],
  ["cdfi", /cdfi|doppler|colou?r|flow|血流|彩/i],
  ["2d", /(^|[^a-z0-9])2d([^a-z0-9]|$)|b[-_ ]?mode|gr[ae]y|灰/i],
];

const NONE: Scores = { "2d": 0, cdfi: 0, elastography: 0 };

function nameScores(fileName: string): Scores {
  const scores = { ...NONE };
  for (const [modality, pattern] of NAMES) if (pattern.test(fileName)) scores[modality] += 2;
  return scores;
}

/** How well a picture with these colours suits each modality. */
function colourScores(colours: ColourShares | null): Scores {
  if (!colours) return NONE;
  const { coloured, between } = colours;
  if (coloured < 0.004) return { "2d": 1, cdfi: 0, elastography: 0 };
  if (coloured > 0.2 || between > 0.05) return { "2d": 0, cdfi: 0.2, elastography: 1 };
  return { "2d": 0.1, cdfi: 1, elastography: 0.3 };
}

function sum(...parts: Scores[]): Scores {
  const total = { ...NONE };
  for (const part of parts) for (const name of MODALITIES) total[name] += part[name];
  return total;
}

const best = (scores: Scores): Modality =>
  MODALITIES.reduce((a, b) => (scores[b] > scores[a] ? b : a));

/** The header outranks the name, the name the colours; null when nothing says anything. */
export function suggest({ fileName, colours, header }: Evidence): Suggestion | null {
  const byName = nameScores(fileName);
  const byHeader = header ? { ...NONE, [header]: 4 } : NONE;
  const scores = sum(byHeader, byName, colourScores(colours));
  const named = MODALITIES.some((name) => byName[name] > 0);
  if (!header && !named && !colours) return null;
  return { modality: best(scores), by: header ? "dicom" : named ? "name" : "colours", scores };
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    orders([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

const FREE_BONUS = 8;

/**
 * The best slot for each file (at most three), free slots first.
 * Returns one modality a file, in the order of the files.
 */
export function assignSlots(
  suggestions: readonly (Suggestion | null)[],
  free: readonly Modality[],
): Modality[] {
  const bonus = (modality: Modality) => (free.includes(modality) ? FREE_BONUS : 0);
  const worth = (order: Modality[]) =>
    suggestions.reduce((total, suggestion, index) => {
      const modality = order[index];
      if (!modality) return total;
      return total + (suggestion?.scores[modality] ?? 0) + bonus(modality);
    }, 0);
  const chosen = orders(MODALITIES).reduce((a, b) => (worth(b) > worth(a) ? b : a));
  return chosen.slice(0, suggestions.length);
}

/** Of many files, the index of the one that suits each modality best; none twice. */
export function bestOfMany(suggestions: readonly (Suggestion | null)[]): number[] {
  const taken: number[] = [];
  for (const modality of MODALITIES) {
    const ranked = suggestions
      .map((suggestion, index) => ({ index, score: suggestion?.scores[modality] ?? 0 }))
      .filter(({ index, score }) => score >= 1 && !taken.includes(index))
      .sort((a, b) => b.score - a.score);
    if (ranked[0]) taken.push(ranked[0].index);
  }
  return taken;
}
