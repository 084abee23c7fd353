import { useState } from "react";

import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { isImage } from "./arrivals";
import type { Inspected } from "./draft";
import { useDraft } from "./DraftProvider";
import { MOST_FILES, type Arrival } from "./transfer";

/** What became of files that came together. */
export interface Outcome {
  /** Files that are no images, passed over. */
  passedOver: number;
  /** True when there were more files than are looked at. */
  cut: boolean;
  /** True when nothing at all could be used. */
  nothing: boolean;
}

/** Files from anywhere on their way into slots: looked at, sorted, and picked where there are too many. */
export function useArrivals(locked: boolean, onStart: () => void) {
  const { dispatch, place, read } = useDraft();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [candidates, setCandidates] = useState<Inspected[] | null>(null);

  function settle(images: Inspected[]) {
    setCandidates(null);
    if (images.length > 0) dispatch({ type: "sorted", images });
  }

  async function takeAnywhere({ files, folder }: Arrival) {
    if (locked || candidates) return;
    onStart();
    setOutcome(null);
    const inspected = await read(files.slice(0, MOST_FILES));
    // What was dropped by name is shown with its reason; what merely lay in a folder is passed over.
    const several = folder || files.length > MODALITIES.length;
    const images = several ? inspected.filter(isImage) : inspected;
    setOutcome({
      passedOver: inspected.length - images.length,
      cut: files.length > MOST_FILES,
      nothing: images.length === 0,
    });
    if (images.length > MODALITIES.length) setCandidates(images);
    else settle(images);
  }

  function takeInSlot(modality: Modality, arrival: Arrival) {
    const [file] = arrival.files;
    if (arrival.files.length > 1 || arrival.folder) return void takeAnywhere(arrival);
    if (locked || !file) return;
    onStart();
    setOutcome(null);
    place(modality, file);
  }

  return {
    outcome,
    candidates,
    takeAnywhere,
    takeInSlot,
    pick: settle,
    dismiss: () => {
      setCandidates(null);
    },
  };
}
