import { queryOptions } from "@tanstack/react-query";

import type { Preview } from "@/api/types";
import { uploadForm } from "@/api/upload";

import type { SlotImage } from "./draft";

const STILLS = 48;
const KEPT_MS = 30 * 60_000;

interface Look {
  /** Null: the first look, at the frame that the server chooses, with small stills of a cine. */
  frame: number | null;
  signal: AbortSignal;
  onProgress?: (share: number) => void;
}

function previewMake(file: File, { frame, signal, onProgress }: Look): Promise<Preview> {
  const form = new FormData();
  if (frame === null) form.append("stills", String(STILLS));
  else form.append("frame", String(frame));
  form.append("image", file, "image"); // a fixed name: the true one may name a patient
  return uploadForm<Preview>({
    url: "/api/v1/previews/",
    form,
    headers: {},
    onProgress: onProgress ?? (() => undefined),
    signal,
  });
}

/** How the server shows a file that the browser can't. Asked once a file and frame, kept in memory only. */
export function previewQuery(
  image: Pick<SlotImage, "id" | "file">,
  frame: number | null = null,
  onProgress?: (share: number) => void,
) {
  return queryOptions({
    queryKey: ["preview", image.id, frame],
    queryFn: ({ signal }) => previewMake(image.file, { frame, signal, onProgress }),
    staleTime: Infinity,
    gcTime: KEPT_MS,
  });
}
