import { MODALITIES, type Modality } from "@/lib/taxonomy";

/** Marks a drag of a filled slot, as against files from outside. */
export const SLOT_TYPE = "application/x-cv4lymphnode-slot";

/** More than these are not looked at: a folder may hold a whole archive. */
export const MOST_FILES = 40;

/** Files that came together. Of a folder, what is no image is passed over in silence. */
export interface Arrival {
  files: File[];
  folder: boolean;
}

export function draggedSlot(transfer: DataTransfer): Modality | undefined {
  const name = transfer.getData(SLOT_TYPE);
  return MODALITIES.find((modality) => modality === name);
}

export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}

/** Everything in a drop, folders opened. The transfer is emptied after the event: it is read at once. */
export async function droppedFiles(transfer: DataTransfer): Promise<Arrival> {
  const files = [...transfer.files];
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return { files, folder: false };
  const found: File[] = [];
  for (const entry of entries) await collect(entry, found);
  return { files: found, folder: true };
}

/** What a file dialogue gave; one for folders says so. */
export function chosenFiles(input: HTMLInputElement): Arrival {
  const files = [...(input.files ?? [])].filter(({ name }) => !isHidden(name));
  return { files: files.slice(0, MOST_FILES + 1), folder: input.webkitdirectory };
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (found.length > MOST_FILES || isHidden(entry.name)) return;
  if (isFile(entry)) found.push(await fileOf(entry));
  else if (isDirectory(entry)) {
    for (const inner of await listOf(entry)) await collect(inner, found);
  }
}

const isHidden = (name: string) => name.startsWith(".") || name === "DICOMDIR";
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
