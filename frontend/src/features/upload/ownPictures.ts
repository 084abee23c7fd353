import type { QueryClient } from "@tanstack/react-query";

import { MODALITIES, type Modality } from "@/lib/taxonomy";

import type { Draft, SlotImage } from "./draft";
import { previewQuery } from "./preview";

/** What the page itself can show of the images it sends, for as long as the tab lives. */
export function ownPictures(client: QueryClient, draft: Draft): Partial<Record<Modality, string>> {
  const entries = MODALITIES.flatMap((modality) => {
    const slot = draft.slots[modality];
    const url = slot.status === "ready" ? pictureOf(client, slot.image) : null;
    return url ? [[modality, url]] : [];
  });
  return Object.fromEntries(entries) as Partial<Record<Modality, string>>;
}

/** An address of its own: the draft's is freed when the draft is emptied. */
function pictureOf(client: QueryClient, image: SlotImage): string | null {
  if (image.preview) return URL.createObjectURL(image.file);
  const looks = [image.frame, null].map((frame) =>
    client.getQueryData(previewQuery(image, frame).queryKey),
  );
  return looks.find((look) => look?.frame === image.frame)?.picture ?? null;
}
