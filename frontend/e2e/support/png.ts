import { crc32, deflateSync } from "node:zlib";

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

interface Rows {
  width: number;
  height: number;
  /** 0..255 of each pixel. */
  value: (x: number, y: number) => number;
}

function pixelRows({ width, height, value }: Rows): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = value(x, y);
  }
  return deflateSync(rows);
}

function greyFile(width: number, height: number, chunks: Buffer[]): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...chunks,
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** An 8-bit grey PNG; `value` gives each pixel's 0..255. */
export function greyPng(
  width: number,
  height: number,
  value: (x: number, y: number) => number,
): Buffer {
  return greyFile(width, height, [chunk("IDAT", pixelRows({ width, height, value }))]);
}

/** Two frames: browsers show it, the server takes no animation. */
export function animatedPng(width: number, height: number): Buffer<ArrayBuffer> {
  const control = (sequence: number) => {
    const body = Buffer.alloc(26);
    body.writeUInt32BE(sequence, 0);
    body.writeUInt32BE(width, 4);
    body.writeUInt32BE(height, 8);
    body.writeUInt16BE(1, 20);
    body.writeUInt16BE(10, 22);
    return chunk("fcTL", body);
  };
  const count = Buffer.alloc(8);
  count.writeUInt32BE(2, 0);
  const second = Buffer.alloc(4);
  second.writeUInt32BE(2, 0);
  const pixels = (level: number) => pixelRows({ width, height, value: () => level });
  return greyFile(width, height, [
    chunk("acTL", count),
    control(0),
    chunk("IDAT", pixels(60)),
    control(1),
    chunk("fdAT", Buffer.concat([second, pixels(120)])),
  ]);
}

/** A smooth spot of attention around (cx, cy), 0..1 of the picture. */
export function spotPng(width: number, height: number, cx: number, cy: number): Buffer {
  return greyPng(width, height, (x, y) => {
    const distance = ((x / width - cx) ** 2 + (y / height - cy) ** 2 * 0.6) / 0.035;
    return Math.round(255 * Math.exp(-distance));
  });
}
