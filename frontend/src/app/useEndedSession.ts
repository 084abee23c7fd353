import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { onLeft } from "@/api/presence";
import { sessionQuery } from "@/api/session";
import type { SessionUser } from "@/api/types";

interface EndedSession {
  /** The account whose session ended while its page was open; null while all is well. */
  ended: SessionUser | null;
  /** Somebody else signed in where the page still holds the work of the account before. */
  isOther: boolean;
}

/** Watches who is signed in on this page. Sign-out starts the page afresh, so it is not seen here. */
export function useEndedSession(user: SessionUser | null | undefined): EndedSession {
  const client = useQueryClient();
  const [owner, setOwner] = useState<SessionUser | null>(user ?? null);
  const isOther = Boolean(user && owner && user.id !== owner.id);
  if (user && user !== owner && !isOther) setOwner(user);
  const ended = user === null ? owner : null;
  const hasEnded = ended !== null;
  useEffect(() => {
    // What the account saw is not for the next person.
    if (hasEnded) client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
  }, [client, hasEnded]);
  useEffect(
    () => onLeft(() => void client.refetchQueries({ queryKey: sessionQuery.queryKey })),
    [client],
  );
  return { ended, isOther };
}
