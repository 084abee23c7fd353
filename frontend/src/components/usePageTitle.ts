import { useEffect } from "react";

/** The browser tab's title, most particular word first. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · CV4LymphNode`;
  }, [title]);
}
