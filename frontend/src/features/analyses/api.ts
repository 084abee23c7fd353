import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import {
  analysesCancel,
  analysesDelete,
  analysesList,
  analysesRetrieve,
  answer,
  modelsList,
  sharesCreate,
  sharesList,
  sharesOpen,
  sharesRevoke,
} from "@/api/http";
import { cursorPages } from "@/lib/cursor";
import { ApiProblem } from "@/lib/problem";

import { queryOf, type HistoryFilter } from "./filters";
import { isChecking, isTerminal, nextPoll } from "./polling";

export const analysisKey = (id: string) => ["analyses", "one", id] as const;

/** One analysis, looked at again until it has ended. `since` is when the page began to wait. */
export function analysisQuery(id: string, since: number) {
  return queryOptions({
    queryKey: analysisKey(id),
    queryFn: ({ signal }) => answer(analysesRetrieve({ path: { id }, signal, throwOnError: true })),
    refetchInterval: ({ state }) =>
      state.error instanceof ApiProblem && state.error.status < 500
        ? false
        : nextPoll(state.data?.state, Date.now() - since, {
            checking: isChecking(state.data?.predictions),
            position: state.data?.queue_position ?? null,
          }),
    staleTime: ({ state: { data } }) =>
      isTerminal(data?.state) && !isChecking(data?.predictions) ? Infinity : 0,
  });
}

export const listKey = ["analyses", "list"] as const;

/** One's own analyses, newest first, in the server's pages. */
export function analysesQuery(filter: HistoryFilter) {
  return infiniteQueryOptions({
    queryKey: [...listKey, filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { cursor: pageParam ?? undefined, ...queryOf(filter) };
      return answer(analysesList({ query, signal, throwOnError: true }));
    },
    ...cursorPages,
  });
}

/** The exams under one whole label, newest first; `owner` where one sees everybody's. */
export function examsQuery(label: string, owner: string | null) {
  return queryOptions({
    queryKey: [...listKey, "exams", label, owner],
    enabled: label !== "",
    queryFn: async ({ signal }) => {
      const query = { case_label: label, owner: owner ?? undefined, page_size: 50 };
      return (await answer(analysesList({ query, signal, throwOnError: true }))).results;
    },
  });
}

/** The versions that one may know of, to search by. */
export const versionsQuery = queryOptions({
  queryKey: ["models", "to search by"],
  queryFn: async ({ signal }) => {
    const query = { page_size: 100 };
    return (await answer(modelsList({ query, signal, throwOnError: true }))).results;
  },
});

export const analysisCancel = (id: string) =>
  answer(analysesCancel({ path: { id }, throwOnError: true }));

export const analysisDelete = (id: string) =>
  answer(analysesDelete({ path: { id }, throwOnError: true }));

const sharesKey = (id: string) => ["analyses", "shares", id] as const;

/** The links to an analysis that still open it. */
export function sharesQuery(id: string) {
  return queryOptions({
    queryKey: sharesKey(id),
    queryFn: ({ signal }) => answer(sharesList({ path: { id }, signal, throwOnError: true })),
    staleTime: 0, // colleagues open them meanwhile
  });
}

export const shareCreate = (id: string, days: number) =>
  answer(sharesCreate({ path: { id }, body: { days }, throwOnError: true }));

export const shareRevoke = (id: string, shareId: string) =>
  answer(sharesRevoke({ path: { id, share_id: shareId }, throwOnError: true }));

/** The id of the analysis that the link opens for this account. */
export const shareOpen = async (token: string) =>
  (await answer(sharesOpen({ body: { token }, throwOnError: true }))).analysis;
