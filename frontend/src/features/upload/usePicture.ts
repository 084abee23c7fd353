import { useQuery } from "@tanstack/react-query";

import type { Still } from "@/api/types";
import { useSettled } from "@/components/useSettled";

import type { SlotImage } from "./draft";
import { previewQuery } from "./preview";

const SETTLED_MS = 250;
/** Light enough to be sent once more for the full picture of another frame. */
const LIGHT_BYTES = 8 * 1024 * 1024;

export interface Picture {
  /** Null where nobody could show the file. */
  src: string | null;
  /** False while a near or a small frame stands in for the wanted one. */
  exact: boolean;
}

export function nearestStill(stills: readonly Still[], frame: number): Still | undefined {
  return stills.reduce<Still | undefined>(
    (near, still) =>
      near && Math.abs(near.frame - frame) <= Math.abs(still.frame - frame) ? near : still,
    undefined,
  );
}

/** The picture of a slot: the browser's own, or what the server makes of the file, frame by frame. */
export function usePicture(image: SlotImage, large = false): Picture {
  const served = image.preview === null && image.width !== undefined;
  const { data: first } = useQuery({ ...previewQuery(image), enabled: served });
  const settled = useSettled(image.frame, SETTLED_MS);
  const still = nearestStill(first?.stills ?? [], image.frame);
  const isFirst = first?.frame === image.frame;
  const worthAsking = large || still?.frame !== image.frame || image.file.size <= LIGHT_BYTES;
  const { data: wanted } = useQuery({
    ...previewQuery(image, settled),
    enabled: first !== undefined && !isFirst && settled === image.frame && worthAsking,
  });
  if (image.preview) return { src: image.preview, exact: true };
  if (isFirst) return { src: first.picture, exact: true };
  if (wanted?.frame === image.frame) return { src: wanted.picture, exact: true };
  return { src: still?.picture ?? first?.picture ?? null, exact: still?.frame === image.frame };
}
