import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import type { Analysis, Prediction } from "@/api/types";
import type { Modality } from "@/lib/taxonomy";

const ALL = ["own-picture"];
const key = (id: string) => [...ALL, id];

/** Where the site keeps no images, the page that sent them shows its own: in memory, until it is closed or the account leaves. */
export function keepOwnPictures(
  client: QueryClient,
  { predictions }: Analysis,
  pictures: Partial<Record<Modality, string>>,
): void {
  client.setQueryDefaults(ALL, { gcTime: Infinity, staleTime: Infinity });
  for (const { id, modality } of predictions) {
    if (pictures[modality]) client.setQueryData(key(id), pictures[modality]);
  }
}

/** The address of a prediction's picture; null where it was deleted and this page never had it. */
export function usePictureOf({ id, image }: Prediction): string | null {
  const { data } = useQuery<string>({ queryKey: key(id), enabled: false });
  return data ?? image;
}

/** Whether this page sent them and still has their pictures. */
export function useOwnPictures(predictions: Prediction[]): boolean {
  const client = useQueryClient();
  return predictions.some(({ id }) => client.getQueryData(key(id)) !== undefined);
}
