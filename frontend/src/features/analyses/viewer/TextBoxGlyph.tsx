/** Ant Design has no sign for a box around text. */
export function TextBoxGlyph() {
  return (
    <svg width="1em" height="1em" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
      <path
        d="M1.5 3.5h13v9h-13zM5.5 6h5M8 6v4.5"
        strokeWidth={1.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
