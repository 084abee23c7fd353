import { useEffect } from "react";

import { announce } from "@/lib/announce";

/** Says the text to screen readers whenever it changes. */
export function useAnnouncement(text: string): void {
  useEffect(() => {
    announce(text);
    return () => {
      announce("");
    };
  }, [text]);
}
