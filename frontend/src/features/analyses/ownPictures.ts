import { skipToken, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import type { Analysis, Prediction } from "@/api/types";
import type { Modality } from "@/lib/taxonomy";

const ALL = ["own-picture"];
const key = (id: string) => [...ALL, id];

interface OwnPicture {
  url: string;
  /** The server's copy is deleted once it is answered; otherwise it takes over as soon as its text is covered. */
  forGood: boolean;
}

/** Whether the server has, or soon has, no picture to show: only then does the page need its own. */
export function needsOwnPictures({ images_kept, predictions }: Analysis): boolean {
  return !images_kept || predictions.some(({ masking }) => masking === "pending");
}

/** The page that sent the images shows its own: in memory, until it is closed or the account leaves. */
export function keepOwnPictures(
  client: QueryClient,
  { predictions, images_kept }: Analysis,
  pictures: Partial<Record<Modality, string>>,
): void {
  client.setQueryDefaults(ALL, { gcTime: Infinity, staleTime: Infinity });
  for (const { id, modality } of predictions) {
    const url = pictures[modality];
    if (url) client.setQueryData<OwnPicture>(key(id), { url, forGood: !images_kept });
  }
}

/** The address of a prediction's picture; null where nobody may see it, or it is deleted, and this page never had it. */
export function usePictureOf({ id, image }: Prediction): string | null {
  const { data: own } = useQuery<OwnPicture>({ queryKey: key(id), queryFn: skipToken });
  return own?.forGood ? own.url : (image ?? own?.url ?? null);
}

/** Whether this page sent them and still has their pictures. */
export function useOwnPictures(predictions: Prediction[]): boolean {
  const client = useQueryClient();
  return predictions.some(({ id }) => client.getQueryData(key(id)) !== undefined);
}
