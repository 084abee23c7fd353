import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { analysesCancel, analysesDelete, analysesList, analysesRetrieve, answer } from "@/api/http";
import type { AnalysisState } from "@/api/types";
import { cursorPages } from "@/lib/cursor";
import { ApiProblem } from "@/lib/problem";

import { isTerminal, nextPoll } from "./polling";

export const analysisKey = (id: string) => ["analyses", "one", id] as const;

/** One analysis, looked at again until it has ended. `since` is when the page began to wait. */
export function analysisQuery(id: string, since: number) {
  return queryOptions({
    queryKey: analysisKey(id),
    queryFn: ({ signal }) => answer(analysesRetrieve({ path: { id }, signal, throwOnError: true })),
    refetchInterval: ({ state }) =>
      state.error instanceof ApiProblem && state.error.status < 500
        ? false
        : nextPoll(state.data?.state, Date.now() - since),
    staleTime: ({ state }) => (isTerminal(state.data?.state) ? Infinity : 0),
  });
}

export interface ListFilter {
  state: AnalysisState | null;
  label: string;
}

export const listKey = ["analyses", "list"] as const;

/** One's own analyses, newest first, in the server's pages. */
export function analysesQuery({ state, label }: ListFilter) {
  return infiniteQueryOptions({
    queryKey: [...listKey, state, label],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        cursor: pageParam ?? undefined,
        state: state ? [state] : undefined,
        label: label || undefined,
      };
      return answer(analysesList({ query, signal, throwOnError: true }));
    },
    ...cursorPages,
  });
}

export const analysisCancel = (id: string) =>
  answer(analysesCancel({ path: { id }, throwOnError: true }));

export const analysisDelete = (id: string) =>
  answer(analysesDelete({ path: { id }, throwOnError: true }));
