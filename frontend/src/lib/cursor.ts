import { keepPreviousData } from "@tanstack/react-query";

/** The cursor in the address of a list's next page, or null after the last. */
export function cursorOf(address: string | null | undefined): string | null {
  return address ? new URL(address, window.location.origin).searchParams.get("cursor") : null;
}

/** What every list in the server's pages asks of its query; the former rows stay while others are fetched. */
export const cursorPages = {
  initialPageParam: null as string | null,
  placeholderData: keepPreviousData,
  getNextPageParam: ({ next }: { next?: string | null }) => cursorOf(next),
};
