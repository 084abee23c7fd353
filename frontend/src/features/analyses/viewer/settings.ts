import { COLORMAPS, type ColormapName } from "@/lib/colormap";
import { readPreference } from "@/lib/preferences";
import { topClass, type ClassName, type Probabilities } from "@/lib/taxonomy";
import { WHOLE, type Viewport } from "@/lib/viewport";

export const MODES = ["image", "blend", "map"] as const;
export type Mode = (typeof MODES)[number];

/** Which map is shown: that of a class, or for each image that of its own answer. */
export type MapChoice = ClassName | "own";

/** What all images of a page share, so that they can be compared. */
export interface ViewerSettings {
  choice: MapChoice;
  mode: Mode;
  /** 0..1 of the map over the image. */
  opacity: number;
  /** Map values below it (0..1) are hidden. */
  threshold: number;
  colormap: ColormapName;
  viewport: Viewport;
}

export function initialSettings(): ViewerSettings {
  return {
    choice: "own",
    mode: "blend",
    opacity: 0.6,
    threshold: 0,
    colormap: readPreference("colormap", COLORMAPS, "inferno"),
    viewport: WHOLE,
  };
}

/** The class whose map an image shows, or null while it has no answer and none was chosen. */
export function shownClass(
  choice: MapChoice,
  probabilities: Probabilities | null,
): ClassName | null {
  if (choice !== "own") return choice;
  return probabilities ? topClass(probabilities) : null;
}
