import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";

import { csrfRemember } from "./csrf";
import { answer, sessionRetrieve } from "./http";
import { ofItsOwnAccord, seenNote } from "./presence";
import type { Session, SessionUser } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => {
    const isPoll = ofItsOwnAccord();
    const session = await answer(sessionRetrieve({ signal, throwOnError: true }));
    csrfRemember(session.csrf_token);
    if (session.user && !isPoll) seenNote();
    return session;
  },
  staleTime: 5 * 60_000,
  // A server that is away is asked again until it is back.
  refetchInterval: ({ state }) => (state.status === "error" ? 3000 : false),
});

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Reads what everybody made and changes nothing; the server holds it, the page says it. */
export function isAuditor(user: SessionUser | null): boolean {
  return user !== null && user.roles.includes("auditor") && user.is_superuser !== true;
}
