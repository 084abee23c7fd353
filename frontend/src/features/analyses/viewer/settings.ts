import { COLORMAPS, type ColormapName } from "@/lib/colormap";
import { readPreference, writePreference } from "@/lib/preferences";
import { topClass, type ClassName, type Probabilities } from "@/lib/taxonomy";
import { WHOLE, type Viewport } from "@/lib/viewport";

export const MODES = ["image", "blend", "map"] as const;
export type Mode = (typeof MODES)[number];

/** Side by side, or one large. */
export const LAYOUTS = ["all", "one"] as const;
export type Layout = (typeof LAYOUTS)[number];

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
  /** The part that the model saw is outlined, the rest dimmed. */
  outline: boolean;
  /** What is burned in is outlined. */
  boxes: boolean;
  layout: Layout;
  /** Which image is the large one, counted from 0. */
  shown: number;
  viewport: Viewport;
}

export type SettingsChange = (change: (settings: ViewerSettings) => ViewerSettings) => void;

export function initialSettings(): ViewerSettings {
  return {
    choice: "own",
    mode: "blend",
    opacity: 0.6,
    threshold: 0,
    colormap: readPreference("colormap", COLORMAPS, "inferno"),
    outline: true,
    boxes: readPreference("boxes", ["on", "off"], "off") === "on",
    layout: readPreference("layout", LAYOUTS, "all"),
    shown: 0,
    viewport: WHOLE,
  };
}

/** The other layout, kept for the next time. */
export function layoutSwitched(settings: ViewerSettings): ViewerSettings {
  const layout = settings.layout === "all" ? "one" : "all";
  writePreference("layout", layout);
  return { ...settings, layout };
}

/** What is burned in outlined or not, kept for the next time. */
export function boxesSwitched(settings: ViewerSettings): ViewerSettings {
  const boxes = !settings.boxes;
  writePreference("boxes", boxes ? "on" : "off");
  return { ...settings, boxes };
}

/** The class whose map an image shows, or null while it has no answer and none was chosen. */
export function shownClass(
  choice: MapChoice,
  probabilities: Probabilities | null,
): ClassName | null {
  if (choice !== "own") return choice;
  return probabilities ? topClass(probabilities) : null;
}
