import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import {
  answer,
  batchesCasesList,
  batchesCreate,
  batchesDelete,
  batchesList,
  batchesRetrieve,
} from "@/api/http";
import type { Analysis } from "@/api/types";
import { uploadForm } from "@/api/upload";
import { cursorPages } from "@/lib/cursor";
import { MODALITIES } from "@/lib/taxonomy";

import { caseKey, type PlannedCase } from "./plan";

const LOOK_EVERY_MS = 2000;
export const batchesKey = ["batches"] as const;

/** One's own batches, newest first. */
export const batchesQuery = infiniteQueryOptions({
  queryKey: [...batchesKey, "list"],
  queryFn: ({ pageParam, signal }) =>
    answer(batchesList({ query: { cursor: pageParam ?? undefined }, signal, throwOnError: true })),
  ...cursorPages,
});

/** How far a batch is; looked at again while something waits. */
export function batchQuery(id: string, sending: boolean) {
  return queryOptions({
    queryKey: [...batchesKey, "one", id],
    queryFn: ({ signal }) => answer(batchesRetrieve({ path: { id }, signal, throwOnError: true })),
    refetchInterval: ({ state }) =>
      sending || (state.data?.waiting ?? 0) > 0 ? LOOK_EVERY_MS : false,
    staleTime: 0,
  });
}

/** The cases of a batch in their order, a page at a time; `total` and `waiting` bring the rows up to date. */
export function casesQuery(id: string, progress: string) {
  return infiniteQueryOptions({
    queryKey: [...batchesKey, "cases", id, progress],
    queryFn: ({ pageParam, signal }) =>
      answer(
        batchesCasesList({
          path: { id },
          query: { cursor: pageParam ?? undefined, page_size: 50 },
          signal,
          throwOnError: true,
        }),
      ),
    ...cursorPages,
  });
}

export const batchBegin = (name: string) =>
  answer(batchesCreate({ body: { name }, throwOnError: true }));

export const batchDelete = (id: string) =>
  answer(batchesDelete({ path: { id }, throwOnError: true }));

/** Sends one case; the same case again is the same analysis. */
export async function caseSend(
  batch: string,
  planned: PlannedCase,
  signal: AbortSignal,
): Promise<Analysis> {
  const form = new FormData();
  if (planned.label) form.append("case_label", planned.label);
  for (const modality of MODALITIES) {
    const file = planned.images[modality];
    // A fixed name: the true one may name a patient.
    if (file) form.append(`image_${modality}`, await file.read(), modality);
  }
  return uploadForm<Analysis>({
    url: `/api/v1/batches/${batch}/cases/`,
    form,
    headers: { "Idempotency-Key": caseKey(batch, planned) },
    onProgress: () => undefined,
    signal,
  });
}
