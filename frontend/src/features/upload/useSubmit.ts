import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { sessionQuery } from "@/api/session";
import type { Analysis } from "@/api/types";
import { ApiProblem } from "@/lib/problem";

import { analysisSubmit, slotProblems } from "./api";
import { useDraft } from "./DraftProvider";

export type SubmitState =
  | { phase: "idle" }
  | { phase: "sending"; share: number; retrying: boolean }
  | { phase: "accepted" }
  | { phase: "failed"; error: unknown };

export interface Submitter {
  state: SubmitState;
  submit: () => Promise<void>;
  stop: () => void;
  forget: () => void;
}

/** Sends the draft. Reasons that belong to a slot go into the slot; the rest stays in `state`. */
export function useSubmit(onAccepted: (analysis: Analysis) => Promise<void>): Submitter {
  const { draft, dispatch } = useDraft();
  const [state, setState] = useState<SubmitState>({ phase: "idle" });
  const controller = useRef<AbortController>(null);

  const client = useQueryClient();

  async function submit() {
    controller.current = new AbortController();
    setState({ phase: "sending", share: 0, retrying: false });
    try {
      const analysis = await analysisSubmit({
        draft,
        onForbidden: () => client.fetchQuery({ ...sessionQuery, staleTime: 0 }),
        onProgress: (share) => {
          setState({ phase: "sending", share, retrying: false });
        },
        onRetry: () => {
          setState({ phase: "sending", share: 0, retrying: true });
        },
        signal: controller.current.signal,
      });
      setState({ phase: "accepted" });
      // The slots stay as they are until the answer's page is there: nothing jumps.
      await onAccepted(analysis);
      dispatch({ type: "emptied" });
    } catch (error) {
      setState(afterFailure(error));
    }
  }

  function afterFailure(error: unknown): SubmitState {
    if (error instanceof DOMException && error.name === "AbortError") return { phase: "idle" };
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
    submit,
    stop: () => controller.current?.abort(),
    forget: () => {
      setState({ phase: "idle" });
    },
  };
}
