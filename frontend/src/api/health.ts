import { queryOptions } from "@tanstack/react-query";

const ASKED_EVERY_MS = 5000;

interface Readiness {
  checks: Record<string, { ok: boolean } | undefined>;
}

/** True when no worker was heard from lately; false when one was, or when nobody can tell. */
async function workerAway(signal: AbortSignal): Promise<boolean> {
  const response = await fetch("/readyz", { signal });
  const { checks } = (await response.json()) as Readiness;
  return checks.worker?.ok === false;
}

/** Asked only by a page that has waited for longer than usual. */
export function workerAwayQuery(waitedLong: boolean) {
  return queryOptions({
    queryKey: ["worker-away"],
    queryFn: ({ signal }) => workerAway(signal).catch(() => false),
    enabled: waitedLong,
    refetchInterval: ASKED_EVERY_MS,
    gcTime: 0,
  });
}
