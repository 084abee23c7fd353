/** A file with its path inside what was dropped or chosen, such as `N-17/2d.png`. */
export interface FoundFile {
  path: string;
  file: File;
}

const NOT_MEANT = /^(\.|DICOMDIR$|__MACOSX$|Thumbs\.db$)/i;

/** Files that systems leave in folders and nobody means to send. */
export const isHidden = (name: string) => NOT_MEANT.test(name);

/** Everything in a drop, folders opened; up to `most` files and one more. Read at once: it is emptied after. */
export async function filesOfDrop(transfer: DataTransfer, most: number) {
  const files = [...transfer.files];
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) {
    return { found: files.map((file) => ({ path: file.name, file })), folder: false };
  }
  const found: FoundFile[] = [];
  for (const entry of entries) await collect(entry, found, most);
  return { found, folder: true };
}

async function collect(entry: FileSystemEntry, found: FoundFile[], most: number): Promise<void> {
  if (found.length > most || isHidden(entry.name)) return;
  if (isFile(entry)) found.push({ path: entry.fullPath.slice(1), file: await fileOf(entry) });
  else if (isDirectory(entry)) {
    for (const inner of await listOf(entry)) await collect(inner, found, most);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });

/** A reader gives a folder in portions; an empty one is the last. In the order of the names. */
async function listOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) break;
    all.push(...portion);
  }
  return all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
