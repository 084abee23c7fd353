import type { Prediction } from "@/api/types";
import type { Modality } from "@/lib/taxonomy";

/** An image of the case, and the field that it belongs into. */
export interface Placing {
  picture: string;
  modality: Modality;
}

/** Every image in the field of the modality that it looks like; null where nothing would change, two images
 *  would meet in one field, or a picture is gone. */
export function rightFields(predictions: Prediction[]): Placing[] | null {
  const placings = predictions.map(({ image, modality, flags }) => ({
    picture: image,
    modality: flags.find(({ code }) => code === "wrong_slot")?.looks_like ?? modality,
  }));
  const fields = new Set(placings.map(({ modality }) => modality));
  const moved = placings.some(({ modality }, place) => modality !== predictions[place]?.modality);
  if (!moved || fields.size < placings.length || placings.some(({ picture }) => !picture)) {
    return null;
  }
  return placings as Placing[];
}
