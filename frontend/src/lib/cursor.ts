/** The cursor in the address of a list's next page, or null after the last. */
export function cursorOf(address: string | null | undefined): string | null {
  return address ? new URL(address, window.location.origin).searchParams.get("cursor") : null;
}
