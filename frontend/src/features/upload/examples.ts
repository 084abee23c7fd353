import { MODALITIES, type Modality } from "@/lib/taxonomy";

/** Synthetic phantoms that come with the page. */
async function exampleFile(modality: Modality): Promise<File> {
  const response = await fetch(`/examples/${modality}.png`);
  if (!response.ok) throw new Error(`No example image for ${modality}`);
  return new File([await response.blob()], `example-${modality}.png`, { type: "image/png" });
}

export async function exampleFiles(): Promise<Record<Modality, File>> {
  const files = await Promise.all(MODALITIES.map(exampleFile));
  const entries = MODALITIES.map((modality, index) => [modality, files[index]]);
  return Object.fromEntries(entries) as Record<Modality, File>;
}
