import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { SessionUser } from "@/api/types";

/** The account whose session ended while its page was open; null while all is well. Sign-out starts the page afresh. */
export function useEndedSession(user: SessionUser | null | undefined): SessionUser | null {
  const client = useQueryClient();
  const [last, setLast] = useState<SessionUser | null>(user ?? null);
  if (user && user !== last) setLast(user);
  const ended = user === null ? last : null;
  const hasEnded = ended !== null;
  useEffect(() => {
    // What the account saw is not for the next person.
    if (hasEnded) client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  }, [client, hasEnded]);
  return ended;
}
