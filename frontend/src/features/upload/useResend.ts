import { useCallback } from "react";

import type { Modality } from "@/lib/taxonomy";

import { useDraft } from "./DraftProvider";

/** Puts pictures that the server has into fields of the draft, to be looked at and sent anew. */
export function useResend() {
  const { draft, dispatch, place } = useDraft();
  return useCallback(
    async (pictures: { picture: string; modality: Modality }[], label: string) => {
      const files = await Promise.all(
        pictures.map(({ picture, modality }) => fetched(picture, modality)),
      );
      files.forEach((file, index) => {
        const field = pictures[index]?.modality;
        if (field) place(field, file);
      });
      if (!draft.label) dispatch({ type: "labelled", label });
    },
    [draft.label, dispatch, place],
  );
}

async function fetched(picture: string, modality: Modality): Promise<File> {
  const response = await fetch(picture);
  if (!response.ok) throw new Error(`The picture for ${modality} is not to be had`);
  return new File([await response.blob()], `${modality}.png`, { type: "image/png" });
}
