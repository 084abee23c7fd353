import { useSyncExternalStore } from "react";

import { announced, onAnnouncement } from "@/lib/announce";

/** Always there, so that screen readers watch it before anything is said. */
export function LiveRegion() {
  const text = useSyncExternalStore(onAnnouncement, announced);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {text}
    </p>
  );
}
