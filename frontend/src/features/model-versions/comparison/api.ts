import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import {
  answer,
  comparisonsCancel,
  comparisonsCases,
  comparisonsList,
  comparisonsRetrieve,
  modelsRerun,
} from "@/api/http";
import type { Comparison } from "@/api/types";
import { cursorPages } from "@/lib/cursor";

const POLL_MS = 1500;
const CASES_POLL_MS = 3000;

export function isOpen(comparison: Pick<Comparison, "state"> | undefined): boolean {
  return comparison?.state === "queued" || comparison?.state === "running";
}

/** The comparisons in which a version was the candidate, newest first. */
export function comparisonsQuery(candidate: string) {
  return queryOptions({
    queryKey: ["comparisons", "of", candidate],
    queryFn: async ({ signal }) => {
      const page = await answer(
        comparisonsList({ query: { candidate }, signal, throwOnError: true }),
      );
      return page.results;
    },
  });
}

const oneKey = (id: string) => ["comparisons", "one", id] as const;

/** One comparison, looked at again until it has ended. */
export function comparisonQuery(id: string) {
  return queryOptions({
    queryKey: oneKey(id),
    queryFn: ({ signal }) =>
      answer(comparisonsRetrieve({ path: { id }, signal, throwOnError: true })),
    refetchInterval: ({ state }) => (isOpen(state.data) ? POLL_MS : false),
  });
}

/** The cases with both answers, or only those that changed their class; looked at again while more are to come. */
export function casesQuery(id: string, changed: boolean, open: boolean) {
  return infiniteQueryOptions({
    queryKey: ["comparisons", "cases", id, changed, open],
    refetchInterval: open ? CASES_POLL_MS : false,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        changed: changed || undefined,
        cursor: pageParam ?? undefined,
        page_size: 10,
      };
      return answer(comparisonsCases({ path: { id }, query, signal, throwOnError: true }));
    },
    ...cursorPages,
  });
}

export interface Rerun {
  id: string;
  last: number;
  reason: string;
}

/** Lets a candidate answer the last cases once more. */
export function useRerun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, last, reason }: Rerun) =>
      answer(modelsRerun({ path: { id }, body: { last, reason }, throwOnError: true })),
    onSuccess: (comparison) => {
      client.setQueryData(oneKey(comparison.id), comparison);
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["models"] }),
        client.invalidateQueries({ queryKey: ["comparisons", "of"] }),
      ]),
  });
}

export function useCancel(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => answer(comparisonsCancel({ path: { id }, throwOnError: true })),
    onSuccess: (comparison) => {
      client.setQueryData(oneKey(id), comparison);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["comparisons"] }),
  });
}
