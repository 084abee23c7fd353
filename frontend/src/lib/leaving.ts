let free = false;

/** The page is about to start afresh on purpose: the browser need not ask whether work may be lost. */
export function leaveFreely(): void {
  free = true;
}

/** Whether leaving the page would lose work without anybody having meant it. */
export const leavingIsUnmeant = () => !free;
