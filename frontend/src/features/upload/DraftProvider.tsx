import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  type ReactNode,
} from "react";

import { useLeaveGuard } from "@/components/useLeaveGuard";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { inParallel } from "./arrivals";
import {
  draftReducer,
  emptyDraft,
  isEmpty,
  newImage,
  type Draft,
  type DraftAction,
  type Inspected,
  type SlotImage,
} from "./draft";
import { BROWSER_EYES, inspectFile, type Limits } from "./inspect";
import { previewQuery } from "./preview";

const READ_AT_ONCE = 3;

export interface DraftTools {
  draft: Draft;
  dispatch: (action: DraftAction) => void;
  /** Puts a file into a slot and looks at it. */
  place: (modality: Modality, file: File) => void;
  /** Looks at files that have no slot yet. */
  read: (files: File[]) => Promise<Inspected[]>;
  /** What is being looked at: the part of each file that has reached the server, by image. */
  reading: Record<string, number>;
}

const DraftContext = createContext<DraftTools | null>(null);

/** Lives above the pages: what was dropped and typed survives a look at another page. */
export function DraftProvider({ limits, children }: { limits: Limits; children: ReactNode }) {
  const [draft, dispatch] = useReducer(draftReducer, undefined, emptyDraft);
  const { inspect, reading } = useInspection(limits);
  useForgottenPreviews(draft);
  useLeaveGuard(!isEmpty(draft) || draft.label !== "");

  const place = useCallback(
    (modality: Modality, file: File) => {
      const image = newImage(file);
      dispatch({ type: "placed", modality, image });
      void inspect(image).then((inspected) => {
        dispatch({ type: "inspected", inspected });
      });
    },
    [inspect],
  );
  const read = useCallback(
    (files: File[]) => inParallel(files.map(newImage), READ_AT_ONCE, inspect),
    [inspect],
  );

  const tools = useMemo(
    () => ({ draft, dispatch, place, read, reading }),
    [draft, place, read, reading],
  );
  return <DraftContext value={tools}>{children}</DraftContext>;
}

function useInspection(limits: Limits) {
  const client = useQueryClient();
  const [reading, setReading] = useState<Record<string, number>>({});
  const inspect = useCallback(
    async (image: SlotImage): Promise<Inspected> => {
      const note = (share: number) => {
        setReading((old) => ({ ...old, [image.id]: share }));
      };
      note(0);
      const look = (asked: SlotImage) => client.fetchQuery(previewQuery(asked, null, note));
      const inspected = await inspectFile(image, { ...BROWSER_EYES, limits, look });
      setReading((old) =>
        Object.fromEntries(Object.entries(old).filter(([id]) => id !== image.id)),
      );
      return inspected;
    },
    [client, limits],
  );
  return { inspect, reading };
}

/** Frees the object URLs of images that left the draft for good. */
function useForgottenPreviews(draft: Draft) {
  const known = useRef(new Set<string>());
  useEffect(() => {
    const shown = new Set<string>();
    for (const slots of [draft.slots, draft.before]) {
      for (const modality of slots ? MODALITIES : []) {
        const slot = slots?.[modality];
        if (slot && slot.status !== "empty" && slot.image.preview) shown.add(slot.image.preview);
      }
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
