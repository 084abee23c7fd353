import { MODALITIES, type Modality } from "@/lib/taxonomy";

/** Marks a drag of a filled slot, as against files from outside. */
export const SLOT_TYPE = "application/x-cv4lymphnode-slot";

export function draggedSlot(transfer: DataTransfer): Modality | undefined {
  const name = transfer.getData(SLOT_TYPE);
  return MODALITIES.find((modality) => modality === name);
}

export function droppedFiles(transfer: DataTransfer): File[] {
  return [...transfer.files];
}

export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}
