import { infiniteQueryOptions } from "@tanstack/react-query";

import { answer, usersCreate, usersInvite, usersList, usersUpdate } from "@/api/http";
import type { Role } from "@/api/types";
import { cursorPages } from "@/lib/cursor";

export interface UserFilter {
  username: string;
  role: Role | null;
  active: boolean | null;
}

export const usersKey = ["users"] as const;

/** Accounts by name, in the server's pages. */
export function usersQuery({ username, role, active }: UserFilter) {
  return infiniteQueryOptions({
    queryKey: [...usersKey, username, role, active],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        cursor: pageParam ?? undefined,
        username: username || undefined,
        role: role ?? undefined,
        is_active: active ?? undefined,
      };
      return answer(usersList({ query, signal, throwOnError: true }));
    },
    ...cursorPages,
  });
}

export interface NewUser {
  username: string;
  email?: string;
  roles: Role[];
}

export const userCreate = (body: NewUser) => answer(usersCreate({ body, throwOnError: true }));

export const userUpdate = (id: string, body: { roles?: Role[]; is_active?: boolean }) =>
  answer(usersUpdate({ path: { id }, body, throwOnError: true }));

export const userInvite = (id: string) => answer(usersInvite({ path: { id }, throwOnError: true }));
