import type { Inspected } from "./draft";

/** Not images at all: what lies beside the images in a folder. */
const NO_IMAGES = ["empty_file", "unsupported_format", "not_an_image", "no_pixel_data"];

export const isImage = ({ problem }: Inspected) => !NO_IMAGES.includes(problem?.code ?? "");

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
