import type { Preview } from "@/api/types";
import { ApiProblem } from "@/lib/problem";
import { regionOf, usablePart, type Size } from "@/lib/region";

import { blobOf, readColours, type ColourShares } from "./colours";
import { NO_FACTS, type Facts, type Inspected, type SlotImage, type SlotProblem } from "./draft";
import { SHOWN_BY_BROWSERS, sniff, type FormatName } from "./sniff";
import { suggest } from "./sorting";

export interface Limits {
  max_upload_bytes: number;
  max_pixels: number;
  min_side: number;
}

/** What looking at a file needs from outside. */
export interface Eyes {
  limits: Limits;
  /** The size of a picture the browser can decode; rejects when it can't. */
  decode: (url: string) => Promise<Size>;
  colours: (picture: Blob) => Promise<ColourShares | null>;
  /** The server's look at what the browser can't decode. */
  look: (image: SlotImage) => Promise<Preview>;
}

/** The browser's own eyes. */
export const BROWSER_EYES = {
  colours: readColours,
  decode: async (url: string): Promise<Size> => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  },
};

function sizeProblem({ width, height }: Size, limits: Limits): SlotProblem | null {
  if (width * height > limits.max_pixels) return { code: "too_many_pixels" };
  if (Math.min(width, height) < limits.min_side) return { code: "too_small" };
  return null;
}

/** Everything that can be found out before a byte is sent for good; the server has the last word. */
export async function inspectFile(image: SlotImage, eyes: Eyes): Promise<Inspected> {
  const { file } = image;
  const format = await sniff(file);
  const refuse = (code: string) => ({ image, problem: { code } });
  if (format === "empty") return refuse("empty_file");
  if (format === "foreign") return refuse("unsupported_format");
  if (format === "unknown") return refuse("not_an_image");
  if (file.size > eyes.limits.max_upload_bytes) return refuse("too_large");
  return SHOWN_BY_BROWSERS.includes(format)
    ? inspectHere(image, format, eyes)
    : inspectThere(image, format, eyes);
}

async function inspectHere(
  image: SlotImage,
  format: FormatName,
  { limits, decode, colours }: Eyes,
): Promise<Inspected> {
  const preview = URL.createObjectURL(image.file);
  try {
    const size = await decode(preview);
    const shares = await colours(image.file);
    const suggestion = suggest({ fileName: image.file.name, colours: shares, header: null });
    const facts: Facts = { ...NO_FACTS, preview, format, ...size, suggestion };
    return { image: { ...image, ...facts }, problem: sizeProblem(size, limits) };
  } catch {
    URL.revokeObjectURL(preview);
    return { image: { ...image, format }, problem: { code: "corrupt" } };
  }
}

async function inspectThere(image: SlotImage, format: FormatName, eyes: Eyes): Promise<Inspected> {
  try {
    const seen = await eyes.look(image);
    return { image: { ...image, format, ...(await factsOf(seen, image, eyes)) }, problem: null };
  } catch (error) {
    const reason = error instanceof ApiProblem ? error.errors.image?.[0] : undefined;
    // Without a look (no network, too many looks) the file can still be sent.
    const suggestion = suggest({ fileName: image.file.name, colours: null, header: null });
    return { image: { ...image, format, suggestion }, problem: reason ?? null };
  }
}

async function factsOf(seen: Preview, { file }: SlotImage, { limits, colours }: Eyes) {
  const { width, height, frame, frame_count: frameCount, suggested_modality: header } = seen;
  const scannerRegion = usablePart(
    regionOf(seen.region),
    { width, height },
    Math.max(1, limits.min_side),
  );
  const shares = await colours(blobOf(seen.picture));
  const suggestion = suggest({ fileName: file.name, colours: shares, header });
  return { width, height, frame, frameCount, scannerRegion, region: scannerRegion, suggestion };
}
