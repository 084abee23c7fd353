import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";

import { useSession } from "@/api/session";

interface SignedInProps {
  /** True: only with an account. False: also without one where the site allows it. */
  account?: boolean;
  children?: ReactNode;
}

/** Sends to the sign-in page whoever may not be here, and back afterwards. */
export function SignedIn({ account = false, children }: SignedInProps) {
  const session = useSession();
  const { pathname, search, hash } = useLocation();
  if (session.user || (!account && session.anonymous_allowed)) return children;
  return (
    <Navigate to="/sign-in" replace state={{ from: pathname + search + hash, required: true }} />
  );
}
