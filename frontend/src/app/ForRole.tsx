import type { ReactNode } from "react";

import { useSession } from "@/api/session";
import type { May } from "@/api/types";

import { NotForRolePage } from "./routes/NotForRolePage";
import { SignedIn } from "./SignedIn";

interface ForRoleProps {
  may: keyof May;
  children: ReactNode;
}

/** Shows a page to those whose role allows it; the server asks again at every call. */
export function ForRole({ may, children }: ForRoleProps) {
  const { user } = useSession();
  return <SignedIn account>{user?.may[may] ? children : <NotForRolePage />}</SignedIn>;
}
