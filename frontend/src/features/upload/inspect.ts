import type { Inspection, SlotProblem } from "./draft";
import { SHOWN_BY_BROWSERS, sniff, type FormatName } from "./sniff";

export interface Limits {
  max_upload_bytes: number;
  max_pixels: number;
  min_side: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The size of the picture, or a rejection where the browser cannot decode it. */
export async function decodeInBrowser(url: string): Promise<Size> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

function sizeProblem({ width, height }: Size, limits: Limits): SlotProblem | null {
  if (width * height > limits.max_pixels) return { code: "too_many_pixels" };
  if (Math.min(width, height) < limits.min_side) return { code: "too_small" };
  return null;
}

function refused(code: string, format: FormatName | null = null): Inspection {
  return { preview: null, format, problem: { code } };
}

/** Everything the browser can find wrong before a byte is sent; the server has the last word. */
export async function inspectFile(
  file: File,
  limits: Limits,
  decode: (url: string) => Promise<Size> = decodeInBrowser,
): Promise<Inspection> {
  const format = await sniff(file);
  if (format === "empty") return refused("empty_file");
  if (format === "foreign") return refused("unsupported_format");
  if (format === "unknown") return refused("not_an_image");
  if (file.size > limits.max_upload_bytes) return refused("too_large", format);
  if (!SHOWN_BY_BROWSERS.includes(format)) return { preview: null, format, problem: null };
  const preview = URL.createObjectURL(file);
  try {
    const size = await decode(preview);
    return { preview, format, ...size, problem: sizeProblem(size, limits) };
  } catch {
    URL.revokeObjectURL(preview);
    return refused("corrupt", format);
  }
}
