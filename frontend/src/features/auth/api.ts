import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { csrfRemember } from "@/api/csrf";
import {
  answer,
  passwordChange,
  secondFactorBegin,
  secondFactorConfirm,
  secondFactorRemove,
  secondFactorRetrieve,
  sessionLogin,
  sessionLogout,
  tokensCreate,
  tokensList,
  tokensRevoke,
  welcome,
} from "@/api/http";
import { leftTell } from "@/api/presence";
import { sessionQuery } from "@/api/session";
import type { Session, TokenCreate } from "@/api/types";
import { leaveFreely } from "@/lib/leaving";

export interface Credentials {
  username: string;
  password: string;
  code?: string;
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

/** Afterwards the page starts afresh: nothing of the account stays in the memory of a shared computer. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => answer(sessionLogout({ throwOnError: true })),
    onSuccess: () => {
      leftTell();
      startAfresh();
    },
  });
}

export function startAfresh(): void {
  leaveFreely();
  window.location.assign("/");
}

export function usePasswordChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { old: string; new: string }) =>
      answer(passwordChange({ body, throwOnError: true })),
    onSuccess: (session) => {
      csrfRemember(session.csrf_token);
      client.setQueryData(sessionQuery.queryKey, session);
    },
  });
}

export interface WelcomeAnswer {
  uid: string;
  token: string;
  password: string;
}

export const welcomeAccept = (body: WelcomeAnswer) => answer(welcome({ body, throwOnError: true }));

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => answer(tokensList({ signal, throwOnError: true })),
});

export const tokenCreate = (body: TokenCreate) =>
  answer(tokensCreate({ body, throwOnError: true }));

export const tokenRevoke = (id: string) =>
  answer(tokensRevoke({ path: { id }, throwOnError: true }));

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: ({ signal }) => answer(secondFactorRetrieve({ signal, throwOnError: true })),
});

export const secondFactorStart = () => answer(secondFactorBegin({ throwOnError: true }));

export const secondFactorProve = (code: string) =>
  answer(secondFactorConfirm({ body: { code }, throwOnError: true }));

export const secondFactorDrop = (body: { password: string; code: string }) =>
  answer(secondFactorRemove({ body, throwOnError: true }));
