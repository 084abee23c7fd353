import type { AnalysisState } from "@/api/types";
import { CLASS_NAMES, type ClassName } from "@/lib/taxonomy";

export const STATES = ["succeeded", "partial", "failed", "queued", "running", "cancelled"] as const;

/** What the history is narrowed to; every field is "" when it narrows nothing. Days are local: 2026-11-25. */
export interface HistoryFilter {
  label: string;
  state: AnalysisState | "";
  answer: ClassName | "";
  version: string;
  from: string;
  to: string;
}

const NAMES = ["label", "state", "answer", "version", "from", "to"] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The filters that an address carries; what makes no sense narrows nothing. */
export function filterFrom(search: URLSearchParams): HistoryFilter {
  const text = (name: string) => search.get(name) ?? "";
  const day = (name: string) => (DAY.test(text(name)) ? text(name) : "");
  return {
    label: text("label"),
    state: STATES.find((state) => state === text("state")) ?? "",
    answer: CLASS_NAMES.find((name) => name === text("answer")) ?? "",
    version: text("version"),
    from: day("from"),
    to: day("to"),
  };
}

/** The same filters as an address carries them; empty ones are left out. */
export function searchOf(filter: HistoryFilter): URLSearchParams {
  return new URLSearchParams(NAMES.flatMap((name) => (filter[name] ? [[name, filter[name]]] : [])));
}

export const narrows = (filter: HistoryFilter) => NAMES.some((name) => filter[name] !== "");

/** As the server takes them: days become moments, and the last day counts whole. */
export function queryOf({ label, state, answer, version, from, to }: HistoryFilter) {
  const last = to ? new Date(`${to}T00:00`) : null;
  last?.setDate(last.getDate() + 1);
  return {
    label: label || undefined,
    state: state ? [state] : undefined,
    answer: answer ? [answer] : undefined,
    version: version || undefined,
    created_after: from ? new Date(`${from}T00:00`).toISOString() : undefined,
    created_before: last?.toISOString(),
  };
}
