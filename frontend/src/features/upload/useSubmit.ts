import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { SignedOut, useSameAccount } from "@/api/sameAccount";
import type { Analysis } from "@/api/types";
import { ApiProblem } from "@/lib/problem";
import type { Pause } from "@/lib/retrying";
import type { Modality } from "@/lib/taxonomy";

import { analysisSubmit, slotProblems } from "./api";
import { useDraft } from "./DraftProvider";
import { ownPictures } from "./ownPictures";

export type SubmitState =
  | { phase: "idle" }
  | { phase: "sending"; share: number }
  | { phase: "waiting"; pause: Pause }
  | { phase: "accepted" }
  | { phase: "failed"; error: unknown };

/** Called with the answer to the upload, and the pictures that the page has of it. */
export type OnAccepted = (
  analysis: Analysis,
  pictures: () => Partial<Record<Modality, string>>,
) => Promise<void>;

export interface Submitter {
  state: SubmitState;
  /** The draft is on its way and must not change. */
  locked: boolean;
  submit: () => Promise<void>;
  stop: () => void;
  forget: () => void;
}

/** Sends the draft. Reasons that belong to a slot go into the slot; the rest stays in `state`. */
export function useSubmit(onAccepted: OnAccepted): Submitter {
  const { draft, dispatch } = useDraft();
  const [state, setState] = useState<SubmitState>({ phase: "idle" });
  const controller = useRef<AbortController>(null);
  const accepted = useRef(false);
  const checkSession = useSameAccount();
  const client = useQueryClient();

  // The slots stay as they are until the answer's page has taken this one's place: no frame is without pictures.
  useEffect(
    () => () => {
      if (accepted.current) dispatch({ type: "emptied" });
    },
    [dispatch],
  );

  async function submit() {
    controller.current = new AbortController();
    dispatch({ type: "confirmed" });
    setState({ phase: "sending", share: 0 });
    try {
      const analysis = await analysisSubmit({
        draft,
        checkSession,
        onProgress: (share) => {
          setState({ phase: "sending", share });
        },
        onPause: (pause) => {
          setState({ phase: "waiting", pause });
        },
        signal: controller.current.signal,
      });
      setState({ phase: "accepted" });
      accepted.current = true;
      await onAccepted(analysis, () => ownPictures(client, draft));
    } catch (error) {
      setState(afterFailure(error));
    }
  }

  function afterFailure(error: unknown): SubmitState {
    const stopped = error instanceof DOMException && error.name === "AbortError";
    if (stopped || error instanceof SignedOut) return { phase: "idle" };
    if (error instanceof ApiProblem) {
      const problems = slotProblems(error);
      if (Object.keys(problems).length > 0) {
        dispatch({ type: "refused", problems });
        return { phase: "idle" };
      }
    }
    return { phase: "failed", error };
  }

  return {
    state,
    locked: ["sending", "waiting", "accepted"].includes(state.phase),
    submit,
    stop: () => controller.current?.abort(),
    forget: () => {
      setState({ phase: "idle" });
    },
  };
}
