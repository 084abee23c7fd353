import { useEffect } from "react";

import { leavingIsUnmeant } from "@/lib/leaving";

/** While work would be lost with the tab, the browser asks before it is closed or loaded anew. */
export function useLeaveGuard(active: boolean) {
  useEffect(() => {
    if (!active) return undefined;
    const ask = (event: BeforeUnloadEvent) => {
      if (leavingIsUnmeant()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
    };
  }, [active]);
}
