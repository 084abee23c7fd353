import { isHidden, type FoundFile } from "@/lib/drops";

import { BrokenFile, planByNames, planByTable, type BatchFile, type Plan } from "./plan";
import { tableRows } from "./table";

/** Three images a case and some more. */
export const MOST_FILES = 4000;

export type UnreadableWhy =
  "broken_zip" | "locked_zip" | "several_tables" | "bad_table" | "nothing" | "too_many_files";

/** Why nothing can be made of what was dropped. */
export class Unreadable extends Error {
  constructor(
    readonly why: UnreadableWhy,
    /** What is wrong with the table, in its own words. */
    readonly detail = "",
  ) {
    super(why);
  }
}

/** The cases in a ZIP, or in files and folders; a CSV among them says which file belongs to which case. */
export async function planOf(found: readonly FoundFile[]): Promise<Plan> {
  const inside: BatchFile[] = [];
  for (const { path, file } of found) {
    if (/\.zip$/i.test(path)) inside.push(...(await filesOfZip(file)));
    else inside.push({ path, read: () => Promise.resolve(file) });
  }
  const files = inside.filter(({ path }) => !path.split("/").some(isHidden));
  if (files.length > MOST_FILES) throw new Unreadable("too_many_files");
  const tables = files.filter(({ path }) => /\.csv$/i.test(path));
  const images = files.filter(({ path }) => !/\.(csv|txt|md|json|xml|html?)$/i.test(path));
  const [table, another] = tables;
  if (another) throw new Unreadable("several_tables");
  const plan = table
    ? planByTable(tableRows(await (await table.read()).text()), images)
    : planByNames(images);
  if (plan.cases.length === 0 && plan.leftOut.length === 0) throw new Unreadable("nothing");
  return plan;
}

/** Only the list is read now; a file of the ZIP is unpacked when its case is sent. */
async function filesOfZip(archive: File): Promise<BatchFile[]> {
  const { BlobReader, BlobWriter, ZipReader, configure } = await import("@zip.js/zip.js");
  configure({ useWebWorkers: false }); // they would start from blob: addresses, which the page's policy forbids
  const entries = await new ZipReader(new BlobReader(archive)).getEntries().catch(() => {
    throw new Unreadable("broken_zip");
  });
  const files = entries.filter((entry) => !entry.directory);
  if (files.some((entry) => entry.encrypted)) throw new Unreadable("locked_zip");
  return files.map((entry) => ({
    path: entry.filename,
    read: () =>
      entry.getData(new BlobWriter(), { checkSignature: true }).catch(() => {
        throw new BrokenFile(entry.filename);
      }),
  }));
}
