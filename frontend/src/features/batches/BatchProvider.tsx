import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useMemo, useRef, useState, type ReactNode } from "react";

import { useSameAccount } from "@/api/sameAccount";
import { useLeaveGuard } from "@/components/useLeaveGuard";
import type { Pause } from "@/lib/retrying";

import { batchBegin, batchesKey } from "./api";
import type { Plan, PlannedCase } from "./plan";
import { sendAll, type Sent } from "./sending";

/** A batch on its way. `stopped` has the reason; null when the user stopped it. */
export interface Sending {
  batch: string;
  cases: readonly PlannedCase[];
  sent: readonly Sent[];
  phase: "sending" | "stopped" | "done";
  error: unknown;
  pause: Pause | null;
}

interface BatchTools {
  sending: Sending | null;
  begin: (plan: Plan, name: string) => Promise<string>;
  /** Sends what still waits. */
  resume: () => void;
  stop: () => void;
}

const BatchContext = createContext<BatchTools | null>(null);

/** Lives above the pages: a batch is sent to its end while one looks at other pages. */
export function BatchProvider({ children }: { children: ReactNode }) {
  const [sending, setSending] = useState<Sending | null>(null);
  const controller = useRef<AbortController>(null);
  const checkSession = useSameAccount();
  const client = useQueryClient();
  useLeaveGuard(sending !== null && sending.phase !== "done");

  const tools = useMemo(() => {
    async function run(one: Sending) {
      const abort = new AbortController();
      controller.current = abort;
      setSending({ ...one, phase: "sending", error: null, pause: null });
      const change = (part: (old: Sending) => Partial<Sending>) => {
        setSending((old) => (old?.batch === one.batch ? { ...old, ...part(old) } : old));
      };
      try {
        await sendAll({
          batch: one.batch,
          cases: one.cases,
          sent: one.sent,
          checkSession,
          signal: abort.signal,
          onSent: (index, sent) => {
            change((old) => ({ sent: old.sent.with(index, sent) }));
          },
          onPause: (pause) => {
            change(() => ({ pause }));
          },
        });
        change(() => ({ phase: "done", pause: null }));
      } catch (error) {
        const meant = abort.signal.aborted;
        change(() => ({ phase: "stopped", error: meant ? null : error, pause: null }));
      }
      await client.invalidateQueries({ queryKey: batchesKey });
    }
    return {
      sending,
      begin: async (plan: Plan, name: string) => {
        const { id } = await batchBegin(name);
        const waiting = plan.cases.map((): Sent => ({ state: "waiting" }));
        const fresh = { batch: id, cases: plan.cases, sent: waiting, error: null, pause: null };
        void run({ ...fresh, phase: "sending" });
        return id;
      },
      resume: () => {
        if (sending?.phase === "stopped") void run(sending);
      },
      stop: () => controller.current?.abort(),
    };
  }, [sending, checkSession, client]);

  return <BatchContext value={tools}>{children}</BatchContext>;
}

export function useBatches(): BatchTools {
  const tools = use(BatchContext);
  if (!tools) throw new Error("useBatches needs a BatchProvider above it");
  return tools;
}
