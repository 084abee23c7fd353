/** Writes small DICOM cines (explicit VR, little endian, grey or RGB) for uploads. */
const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
const US_MULTIFRAME = "1.2.840.10008.5.1.4.1.1.3.1";
const LONG_VRS = ["OB", "OW", "SQ", "UN"];

function element(group: number, number: number, vr: string, value: Buffer): Buffer {
  const body =
    value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([vr === "UI" ? 0 : 32])]);
  const long = LONG_VRS.includes(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (long) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

const text = (group: number, number: number, vr: string, value: string) =>
  element(group, number, vr, Buffer.from(value, "latin1"));

function us(group: number, number: number, value: number): Buffer {
  const body = Buffer.alloc(2);
  body.writeUInt16LE(value);
  return element(group, number, "US", body);
}

function ul(group: number, number: number, value: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt32LE(value);
  return element(group, number, "UL", body);
}

/** One item of SequenceOfUltrasoundRegions: a two-dimensional region. */
function region([x, y, width, height]: readonly number[], kind: number): Buffer {
  const item = Buffer.concat([
    us(0x0018, 0x6012, 1),
    us(0x0018, 0x6014, kind),
    ul(0x0018, 0x6018, x ?? 0),
    ul(0x0018, 0x601a, y ?? 0),
    ul(0x0018, 0x601c, (x ?? 0) + (width ?? 0) - 1),
    ul(0x0018, 0x601e, (y ?? 0) + (height ?? 0) - 1),
  ]);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt16LE(0xe000, 2);
  head.writeUInt32LE(item.length, 4);
  return element(0x0018, 0x6011, "SQ", Buffer.concat([head, item]));
}

export interface Cine {
  width: number;
  height: number;
  frames: number;
  /** 0..255 of a pixel (grey) in a frame. */
  value: (frame: number, x: number, y: number) => number;
  region?: readonly number[];
  /** Region data type: 1 tissue, 2 colour flow. */
  kind?: number;
}

export function cine({ width, height, frames, value, region: box, kind = 1 }: Cine): Buffer {
  const pixels = Buffer.alloc(width * height * frames);
  let at = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) pixels[at++] = value(frame, x, y);
    }
  }
  const meta = Buffer.concat([
    text(0x0002, 0x0002, "UI", US_MULTIFRAME),
    text(0x0002, 0x0003, "UI", "1.2.3.4"),
    text(0x0002, 0x0010, "UI", EXPLICIT_LITTLE_ENDIAN),
  ]);
  const dataset = Buffer.concat([
    text(0x0008, 0x0016, "UI", US_MULTIFRAME),
    text(0x0010, 0x0010, "PN", "Doe^Jane"),
    ...(box ? [region(box, kind)] : []),
    us(0x0028, 0x0002, 1),
    text(0x0028, 0x0004, "CS", "MONOCHROME2"),
    text(0x0028, 0x0008, "IS", String(frames)),
    us(0x0028, 0x0010, height),
    us(0x0028, 0x0011, width),
    us(0x0028, 0x0100, 8),
    us(0x0028, 0x0101, 8),
    us(0x0028, 0x0102, 7),
    us(0x0028, 0x0103, 0),
    element(0x7fe0, 0x0010, "OB", pixels),
  ]);
  const preamble = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM")]);
  return Buffer.concat([preamble, ul(0x0002, 0x0000, meta.length), meta, dataset]);
}
