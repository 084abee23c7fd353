import { useQueryClient } from "@tanstack/react-query";

import { sessionQuery, useSession } from "./session";

/** The account that began is no longer signed in: nothing may be sent in another name. */
export class SignedOut extends Error {}

/** Asks the server who is signed in; the page itself shows when that is over. Also renews the token. */
export function useSameAccount() {
  const client = useQueryClient();
  const before = useSession().user?.id;
  return async () => {
    const { user } = await client.fetchQuery({ ...sessionQuery, staleTime: 0, retry: false });
    if (before !== undefined && user?.id !== before) throw new SignedOut();
  };
}
