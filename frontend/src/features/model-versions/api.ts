import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";

import {
  answer,
  modelsActivate,
  modelsAnswering,
  modelsCheck,
  modelsEvents,
  modelsHistory,
  modelsList,
  modelsRetire,
  modelsRetrieve,
} from "@/api/http";
import type { ModelCard, ModelVersion, VersionAction, VersionState } from "@/api/types";
import { uploadForm } from "@/api/upload";
import { cursorPages } from "@/lib/cursor";
import type { VersionModality } from "@/lib/taxonomy";

const CHECK_POLL_MS = 1000;
const LIST_POLL_MS = 3000;

export interface VersionFilter {
  modality: VersionModality | null;
  state: VersionState | null;
}

/** Versions, newest first: those that answer or once answered, or all for readers of the records. */
export function versionsQuery({ modality, state }: VersionFilter) {
  return infiniteQueryOptions({
    queryKey: ["models", "list", modality, state],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        modality: modality ?? undefined,
        state: state ?? undefined,
        cursor: pageParam ?? undefined,
      };
      return answer(modelsList({ query, signal, throwOnError: true }));
    },
    ...cursorPages,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.results.some(isUnderWay)) ? LIST_POLL_MS : false,
  });
}

const isUnderWay = ({ state }: ModelVersion) => state === "uploaded" || state === "checking";

export function isCheckOpen(card: ModelCard | undefined): boolean {
  return card?.check?.state === "waiting" || card?.check?.state === "running";
}

export const cardKey = (id: string) => ["models", "one", id] as const;

/** One version's card; looked at again while its check is under way. */
export function modelCardQuery(id: string) {
  return queryOptions({
    queryKey: cardKey(id),
    queryFn: ({ signal }) => answer(modelsRetrieve({ path: { id }, signal, throwOnError: true })),
    refetchInterval: ({ state }) => (isCheckOpen(state.data) ? CHECK_POLL_MS : false),
  });
}

/** Which version answered at a moment, by modality; null: now. */
export function answeringQuery(at: string | null) {
  return queryOptions({
    queryKey: ["models", "answering", at],
    queryFn: ({ signal }) =>
      answer(modelsAnswering({ query: { at: at ?? undefined }, signal, throwOnError: true })),
    placeholderData: keepPreviousData,
  });
}

export interface HistoryFilter {
  modality: VersionModality | null;
  action: VersionAction | null;
}

/** Who did what, when and why, newest first. */
export function historyQuery({ modality, action }: HistoryFilter) {
  return infiniteQueryOptions({
    queryKey: ["models", "history", modality, action],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        modality: modality ?? undefined,
        action: action ?? undefined,
        cursor: pageParam ?? undefined,
      };
      return answer(modelsHistory({ query, signal, throwOnError: true }));
    },
    ...cursorPages,
  });
}

/** What happened to one version; asked for again when its state is another one. */
export function eventsQuery(id: string, state: VersionState = "uploaded") {
  return queryOptions({
    queryKey: ["models", "events", id, state],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { page_size: 100 };
      const page = await answer(modelsEvents({ path: { id }, query, signal, throwOnError: true }));
      return page.results;
    },
  });
}

/** The versions that passed their check and do not answer now: those one can go back to. */
export const rollBackQuery = queryOptions({
  queryKey: ["models", "ready"],
  queryFn: async ({ signal }) => {
    const query = { state: "checked", page_size: 100 } as const;
    const page = await answer(modelsList({ query, signal, throwOnError: true }));
    return new Set(page.results.map(({ id }) => id));
  },
});

export interface Decision {
  id: string;
  reason: string;
}

const DECISIONS = { activate: modelsActivate, retire: modelsRetire, check: modelsCheck } as const;
export type DecisionKind = keyof typeof DECISIONS;

/** Something decided about a version. Afterwards every list, card and history is asked for again. */
export function useDecision(kind: DecisionKind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, reason }: Decision) =>
      answer(DECISIONS[kind]({ path: { id }, body: { reason }, throwOnError: true })),
    onSuccess: (card) => {
      client.setQueryData(cardKey(card.id), card);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["models"] }),
  });
}

export interface VersionUpload {
  file: File;
  name: string;
  sha256: string;
  reason: string;
}

interface UploadCourse {
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

export function versionUpload(
  { file, name, sha256, reason }: VersionUpload,
  { onProgress, signal }: UploadCourse,
): Promise<ModelCard> {
  const form = new FormData();
  // The texts first: the server knows them before the long part.
  form.append("reason", reason.trim());
  if (name.trim()) form.append("name", name.trim());
  if (sha256.trim()) form.append("sha256", sha256.trim().toLowerCase());
  form.append("file", file);
  return uploadForm<ModelCard>({ url: "/api/v1/models/", form, headers: {}, onProgress, signal });
}
