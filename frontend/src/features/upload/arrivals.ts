import { MODALITIES, type Modality } from "@/lib/taxonomy";

import type { Draft, Inspected } from "./draft";
import { assignSlots } from "./sorting";

/** Not images at all: what lies beside the images in a folder. */
const NO_IMAGES = ["empty_file", "unsupported_format", "not_an_image", "no_pixel_data"];

export const isImage = ({ problem }: Inspected) => !NO_IMAGES.includes(problem?.code ?? "");

/** A slot for each of one to three files: the best fit, free slots first. */
export function sortIntoSlots(images: Inspected[], draft: Draft) {
  const free = MODALITIES.filter((modality) => draft.slots[modality].status === "empty");
  const order = assignSlots(
    images.map(({ image }) => image.suggestion),
    free,
  );
  return images.flatMap((inspected, index): { modality: Modality; inspected: Inspected }[] => {
    const modality = order[index];
    return modality ? [{ modality, inspected }] : [];
  });
}

/** Runs `work` over the items, so many at a time, and keeps their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as T);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}
