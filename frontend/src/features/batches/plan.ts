import { MODALITIES, type Modality } from "@/lib/taxonomy";

/** The server's limit of cases in a batch. */
export const MOST_CASES = 1000;
const LONGEST_LABEL = 64;

/** A file that is read when its turn comes: a batch may be larger than the memory. */
export interface BatchFile {
  path: string;
  read: () => Promise<Blob>;
}

/** A file that its ZIP doesn't give back whole. */
export class BrokenFile extends Error {}

export interface PlannedCase {
  label: string;
  images: Partial<Record<Modality, BatchFile>>;
}

export type LeftOutWhy = "no_kind" | "twice" | "missing" | "no_file" | "long_label" | "too_many";

/** What will not be sent, and why: a file, or a line of the table. */
export interface LeftOut {
  name: string;
  why: LeftOutWhy;
}

export interface Plan {
  cases: PlannedCase[];
  leftOut: LeftOut[];
}

/** A line of the table: what it is called, and the file names by kind. */
export interface TableRow {
  label: string;
  files: Partial<Record<Modality, string>>;
}

const KINDS: [Modality, RegExp][] = [
  ["2d", /(?:^|[-_. ])(?:2d|b[-_ ]?mode|gr[ae]y|灰阶)$/i],
  ["cdfi", /(?:^|[-_. ])(?:cdfi|doppler|colou?r|血流)$/i],
  ["elastography", /(?:^|[-_. ])(?:elasto(?:graphy)?|strain|弹性)$/i],
];

/** Cases by file names: `N-17_2d.png`, `N-17 cdfi.jpg`, or `N-17/2d.png` in a folder of the case. */
export function planByNames(files: readonly BatchFile[]): Plan {
  const byKey = new Map<string, PlannedCase>();
  const leftOut: LeftOut[] = [];
  for (const file of files) {
    const name = nameParts(file.path);
    if (!name) {
      leftOut.push({ name: file.path, why: "no_kind" });
      continue;
    }
    const known = byKey.get(name.key) ?? { label: name.label, images: {} };
    if (known.images[name.modality]) leftOut.push({ name: file.path, why: "twice" });
    else known.images[name.modality] = file;
    byKey.set(name.key, known);
  }
  return checked([...byKey.values()], leftOut);
}

function nameParts(path: string): { key: string; label: string; modality: Modality } | null {
  const parts = path.split("/");
  const stem = (parts.pop() ?? "").replace(/\.[^.]*$/, "");
  for (const [modality, pattern] of KINDS) {
    if (!pattern.test(stem)) continue;
    const own = stem.replace(pattern, "");
    const label = own || parts.at(-1) || "";
    return { key: [...parts, own].join("/"), label, modality };
  }
  return null;
}

/** Cases as the table lists them. A line with a file that is not there is left out whole. */
export function planByTable(rows: readonly TableRow[], files: readonly BatchFile[]): Plan {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const find = (name: string) =>
    byPath.get(name) ?? files.find(({ path }) => path.endsWith(`/${name}`));
  const cases: PlannedCase[] = [];
  const leftOut: LeftOut[] = [];
  for (const { label, files: names } of rows) {
    const images: PlannedCase["images"] = {};
    let missing = "";
    for (const modality of MODALITIES) {
      const name = names[modality];
      if (!name) continue;
      const file = find(name);
      if (file) images[modality] = file;
      else missing = name;
    }
    if (missing) leftOut.push({ name: `${label}: ${missing}`, why: "missing" });
    else if (Object.keys(images).length === 0) leftOut.push({ name: label, why: "no_file" });
    else cases.push({ label, images });
  }
  return checked(cases, leftOut);
}

function checked(cases: PlannedCase[], leftOut: LeftOut[]): Plan {
  const fit = cases.filter(({ label }) => label.length <= LONGEST_LABEL);
  const long = cases.filter(({ label }) => label.length > LONGEST_LABEL);
  const over = fit.slice(MOST_CASES);
  return {
    cases: fit.slice(0, MOST_CASES),
    leftOut: [
      ...leftOut,
      ...long.map(({ label }) => ({ name: label, why: "long_label" as const })),
      ...over.map(({ label }) => ({ name: label, why: "too_many" as const })),
    ],
  };
}

/** Tells a case from the others of its batch, whenever the same files are dropped again. */
export function caseKey(batch: string, { label, images }: PlannedCase): string {
  const text = [label, ...MODALITIES.map((modality) => images[modality]?.path ?? "")].join("\n");
  return `${batch}-${hash(text)}`;
}

/** cyrb53 by bryc (public domain): 53 bits are plenty for the thousand cases of a batch. */
function hash(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
