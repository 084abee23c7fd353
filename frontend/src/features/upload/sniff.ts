/** What a file is by its first bytes; the name is never asked. */
export const OFFERED = ["png", "jpeg", "bmp", "tiff", "webp", "dicom"] as const;
export type FormatName = (typeof OFFERED)[number];

export const FORMAT_LABEL: Record<FormatName, string> = {
  png: "PNG",
  jpeg: "JPEG",
  bmp: "BMP",
  tiff: "TIFF",
  webp: "WebP",
  dicom: "DICOM",
};

/** Formats a browser can show; the others get a placeholder. */
export const SHOWN_BY_BROWSERS: readonly FormatName[] = ["png", "jpeg", "bmp", "webp"];

const HEAD_BYTES = 132;

const SIGNATURES: [FormatName, number, string][] = [
  ["png", 0, "\x89PNG\r\n\x1a\n"],
  ["jpeg", 0, "\xff\xd8\xff"],
  ["bmp", 0, "BM"],
  ["tiff", 0, "II*\0"],
  ["tiff", 0, "MM\0*"],
  ["webp", 8, "WEBP"],
  ["dicom", 128, "DICM"],
];

/** Formats that people try and that deserve their own sentence: "not offered", not "no image". */
const FOREIGN: [number, string][] = [
  [0, "GIF8"],
  [0, "%PDF"],
  [0, "<svg"],
  [0, "<?xml"],
  [4, "ftyp"],
];

export type Sniffed = FormatName | "foreign" | "unknown" | "empty";

export async function sniff(file: Blob): Promise<Sniffed> {
  if (file.size === 0) return "empty";
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const head = String.fromCharCode(...bytes);
  const offered = SIGNATURES.find(([, offset, magic]) => head.startsWith(magic, offset));
  if (offered) return offered[0];
  return FOREIGN.some(([offset, magic]) => head.startsWith(magic, offset)) ? "foreign" : "unknown";
}
