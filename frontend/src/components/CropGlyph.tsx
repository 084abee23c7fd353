/** Ant Design has no sign for cropping. */
export function CropGlyph() {
  return (
    <svg width="1em" height="1em" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
      <path d="M4.5 1v10.5H15M1 4.5h10.5V15" strokeWidth={1.4} strokeLinecap="round" />
    </svg>
  );
}
