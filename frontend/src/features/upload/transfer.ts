import { filesOfDrop, isHidden } from "@/lib/drops";
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
  const { found, folder } = await filesOfDrop(transfer, MOST_FILES);
  return { files: found.map(({ file }) => file), folder };
}

/** What a file dialogue gave; one for folders says so. */
export function chosenFiles(input: HTMLInputElement): Arrival {
  const files = [...(input.files ?? [])].filter(({ name }) => !isHidden(name));
  return { files: files.slice(0, MOST_FILES + 1), folder: input.webkitdirectory };
}
