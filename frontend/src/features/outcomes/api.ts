import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import {
  analysesPathology,
  analysesPathologyCreate,
  analysesRead,
  analysesReading,
  analysesVerdict,
  answer,
} from "@/api/http";
import type { Confidence, PathologyEntry } from "@/api/types";
import type { ClassName } from "@/lib/taxonomy";

const readingKey = (id: string) => ["outcomes", "reading", id] as const;
const pathologyKey = (id: string) => ["outcomes", "pathology", id] as const;

export function readingQuery(id: string) {
  return queryOptions({
    queryKey: readingKey(id),
    queryFn: ({ signal }) => answer(analysesReading({ path: { id }, signal, throwOnError: true })),
  });
}

export function pathologyQuery(id: string) {
  return queryOptions({
    queryKey: pathologyKey(id),
    queryFn: ({ signal }) =>
      answer(analysesPathology({ path: { id }, signal, throwOnError: true })),
  });
}

export interface OwnRead {
  class: ClassName;
  confidence: Confidence;
}

/** Saves one's own read; then every answer that waited for it is asked for anew. */
export function useReadSave(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: OwnRead) => answer(analysesRead({ path: { id }, body, throwOnError: true })),
    onSuccess: (reading) => {
      client.setQueryData(readingKey(id), reading);
      return client.invalidateQueries({ queryKey: ["analyses"] });
    },
  });
}

export interface NewVerdict {
  agrees: boolean;
  class?: ClassName;
  reason?: string;
}

export function useVerdictSave(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewVerdict) =>
      answer(analysesVerdict({ path: { id }, body, throwOnError: true })),
    onSuccess: (reading) => {
      client.setQueryData(readingKey(id), reading);
    },
  });
}

export type NewPathology = Pick<PathologyEntry, "class" | "reported_on" | "note">;

export function usePathologySave(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewPathology) =>
      answer(analysesPathologyCreate({ path: { id }, body, throwOnError: true })),
    onSuccess: (shown) => {
      client.setQueryData(pathologyKey(id), shown);
    },
  });
}
