import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { csrfRemember } from "@/api/csrf";
import {
  answer,
  sessionLogin,
  sessionLogout,
  tokensCreate,
  tokensList,
  tokensRevoke,
} from "@/api/http";
import { sessionQuery } from "@/api/session";
import type { Session } from "@/api/types";

export interface Credentials {
  username: string;
  password: string;
}

/** A new session owns other data: everything else that was fetched is forgotten. */
function useNewSession() {
  const client = useQueryClient();
  return (session: Session) => {
    csrfRemember(session.csrf_token);
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    client.setQueryData(sessionQuery.queryKey, session);
  };
}

export function useSignIn() {
  const onSuccess = useNewSession();
  return useMutation({
    mutationFn: (credentials: Credentials) =>
      answer(sessionLogin({ body: credentials, throwOnError: true })),
    onSuccess,
  });
}

export function useSignOut() {
  const onSuccess = useNewSession();
  return useMutation({
    mutationFn: () => answer(sessionLogout({ throwOnError: true })),
    onSuccess,
  });
}

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => answer(tokensList({ signal, throwOnError: true })),
});

export const tokenCreate = () => answer(tokensCreate({ throwOnError: true }));

export const tokenRevoke = () => answer(tokensRevoke({ throwOnError: true }));
