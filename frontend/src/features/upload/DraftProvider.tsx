import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  type ReactNode,
} from "react";

import { MODALITIES, type Modality } from "@/lib/taxonomy";

import {
  draftReducer,
  emptyDraft,
  newImage,
  type Draft,
  type DraftAction,
  type SlotImage,
} from "./draft";
import { inspectFile, type Limits } from "./inspect";
import { assignSlots, readColours, scoreFile } from "./sorting";

export interface DraftTools {
  draft: Draft;
  dispatch: (action: DraftAction) => void;
  /** Puts a file into a slot and looks at it. */
  place: (modality: Modality, file: File) => void;
  /** Sorts one to three files into slots; returns how many did not fit. */
  placeSorted: (files: File[]) => Promise<number>;
}

const DraftContext = createContext<DraftTools | null>(null);

/** Lives above the pages: what was dropped and typed survives a look at another page. */
export function DraftProvider({ limits, children }: { limits: Limits; children: ReactNode }) {
  const [draft, dispatch] = useReducer(draftReducer, undefined, emptyDraft);

  useForgottenPreviews(draft);

  const place = useCallback(
    (modality: Modality, file: File) => {
      const image: SlotImage = newImage(file);
      dispatch({ type: "placed", modality, image });
      void inspectFile(file, limits).then((inspection) => {
        dispatch({ type: "inspected", id: image.id, inspection });
      });
    },
    [limits],
  );

  const placeSorted = useCallback(
    async (files: File[]) => {
      const chosen = files.slice(0, MODALITIES.length);
      const colours = await Promise.all(chosen.map(readColours));
      const scores = chosen.map((file, index) => scoreFile(file.name, colours[index] ?? null));
      const free = MODALITIES.filter((modality) => draft.slots[modality].status === "empty");
      assignSlots(scores, free).forEach((modality, index) => {
        const file = chosen[index];
        if (file) place(modality, file);
      });
      return files.length - chosen.length;
    },
    [draft.slots, place],
  );

  const tools = useMemo(
    () => ({ draft, dispatch, place, placeSorted }),
    [draft, place, placeSorted],
  );
  return <DraftContext value={tools}>{children}</DraftContext>;
}

/** Frees the object URLs of images that left the draft. */
function useForgottenPreviews(draft: Draft) {
  const known = useRef(new Set<string>());
  useEffect(() => {
    const shown = new Set<string>();
    for (const slot of Object.values(draft.slots)) {
      if (slot.status !== "empty" && slot.image.preview) shown.add(slot.image.preview);
    }
    for (const url of known.current) if (!shown.has(url)) URL.revokeObjectURL(url);
    known.current = shown;
  }, [draft]);
}

export function useDraft(): DraftTools {
  const tools = use(DraftContext);
  if (!tools) throw new Error("useDraft needs a DraftProvider above it");
  return tools;
}
