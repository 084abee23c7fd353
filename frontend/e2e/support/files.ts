import type { Page } from "@playwright/test";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Modality } from "../../src/lib/taxonomy";

import { cine } from "./dicom";
import { exampleBytes } from "./steps";

/** What a scanner exports: seven frames of 160 × 120, each a little brighter, with the region it marked. */
export function scannerCine(): Buffer {
  return cine({
    width: 160,
    height: 120,
    frames: 7,
    value: (frame, x, y) => (x > 20 && x < 140 && y > 10 && y < 110 ? 30 * frame + (x % 20) : 0),
    region: [20, 10, 120, 100],
    kind: 2,
  });
}

interface FileOnDisk {
  path: string;
  bytes: Buffer;
}

/** A folder as it comes from an archive; returns its path. */
export function folderOf(files: FileOnDisk[]): string {
  const folder = mkdtempSync(join(tmpdir(), "cv4ln-folder-"));
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

/** Files or folders dropped from outside the browser, as the system's file manager does it. */
export async function dropFromOutside(page: Page, selector: string, paths: string[]) {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not there`);
  const session = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 300)];
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x, y, data });
  }
}

/** Images on the clipboard, pasted into the page. */
export async function pasteImage(page: Page, modality: Modality) {
  await page.evaluate(
    (bytes) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(
        new File([Uint8Array.from(bytes)], "image.png", { type: "image/png" }),
      );
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    },
    [...exampleBytes(modality)],
  );
}

/** A ZIP with these files, as a system's file manager makes it. */
export async function zipOf(files: Record<string, Buffer>): Promise<Buffer> {
  const zip = new ZipWriter(new Uint8ArrayWriter());
  for (const [path, bytes] of Object.entries(files))
    await zip.add(path, new Uint8ArrayReader(bytes));
  return Buffer.from(await zip.close());
}
