import { infiniteQueryOptions } from "@tanstack/react-query";

import { answer, auditList } from "@/api/http";
import type { AuditAction } from "@/api/types";
import { cursorPages } from "@/lib/cursor";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back one may look, in days; 0 means all of it. */
export const PERIODS = [0, 1, 7, 30] as const;

export interface AuditQuestion {
  action: AuditAction | null;
  actor: string;
  days: (typeof PERIODS)[number];
}

export const EVERYTHING: AuditQuestion = { action: null, actor: "", days: 0 };

/** The server's words for the question, as of now. */
export function auditFilters({ action, actor, days }: AuditQuestion) {
  return {
    action: action ? [action] : undefined,
    actor: actor || undefined,
    created_after: days ? new Date(Date.now() - days * DAY_MS).toISOString() : undefined,
  };
}

/** Lines of the audit log, newest first, in the server's pages. */
export function auditQuery(question: AuditQuestion) {
  return infiniteQueryOptions({
    queryKey: ["audit", question],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...auditFilters(question), cursor: pageParam ?? undefined };
      return answer(auditList({ query, signal, throwOnError: true }));
    },
    ...cursorPages,
  });
}

/** The same lines as a file. */
export function exportUrl(question: AuditQuestion): string {
  const { action, actor, created_after } = auditFilters(question);
  const query = new URLSearchParams();
  if (action?.[0]) query.set("action", action[0]);
  if (actor) query.set("actor", actor);
  if (created_after) query.set("created_after", created_after);
  const text = query.toString();
  return `/api/v1/audit/events.csv${text && `?${text}`}`;
}
