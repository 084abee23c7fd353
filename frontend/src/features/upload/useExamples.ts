import { useState } from "react";

import { MODALITIES } from "@/lib/taxonomy";

import { useDraft } from "./DraftProvider";
import { exampleFiles } from "./examples";

export interface Examples {
  take: () => void;
  loading: boolean;
  failed: boolean;
}

/** Fills the slots with the synthetic images that come with the page. */
export function useExamples(onStart: () => void): Examples {
  const { place } = useDraft();
  const [state, setState] = useState<"idle" | "loading" | "failed">("idle");
  async function load() {
    setState("loading");
    onStart();
    try {
      const files = await exampleFiles();
      for (const modality of MODALITIES) place(modality, files[modality]);
      setState("idle");
    } catch {
      setState("failed");
    }
  }
  return {
    take: () => void load(),
    loading: state === "loading",
    failed: state === "failed",
  };
}
