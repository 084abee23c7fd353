import Papa from "papaparse";

import { MODALITIES } from "@/lib/taxonomy";

import { Unreadable } from "./archive";
import type { TableRow } from "./plan";

const LABEL = "case_label";
const COLUMNS = MODALITIES.map((modality) => ({ modality, column: `image_${modality}` }));

/** The lines of a CSV with the columns case_label, image_2d, image_cdfi, image_elastography. */
export function tableRows(text: string): TableRow[] {
  const parsed = Papa.parse<Record<string, string | undefined>>(text.replace(/^\ufeff/, ""), {
    header: true,
    skipEmptyLines: "greedy",
    transformHeader: (name) => name.trim().toLowerCase(),
    transform: (value) => value.trim(),
  });
  const present = parsed.meta.fields ?? [];
  if (!COLUMNS.some(({ column }) => present.includes(column))) {
    throw new Unreadable("bad_table", present.join(", "));
  }
  return parsed.data.map((line) => ({
    label: line[LABEL] ?? "",
    files: Object.fromEntries(
      COLUMNS.map(({ modality, column }) => [modality, line[column] ?? ""]),
    ),
  }));
}
