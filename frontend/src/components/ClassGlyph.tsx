import type { ClassName } from "@/lib/taxonomy";

const SHAPES: Record<ClassName, React.ReactNode> = {
  benign: <circle cx={6} cy={6} r={5} />,
  lymphoma: <path d="M6 .8 11.6 11H.4z" />,
  metastatic: <path d="M6 .4 11.6 6 6 11.6.4 6z" />,
};

/** The shape that stands for a class beside its word: circle, triangle, diamond. */
export function ClassGlyph({ name, size = 12 }: { name: ClassName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill={`var(--${name})`}
      style={{ flex: "none" }}
      aria-hidden
    >
      {SHAPES[name]}
    </svg>
  );
}
