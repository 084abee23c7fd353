import type { VersionModality } from "@/lib/taxonomy";

const FRAME = { width: 72, height: 54, viewBox: "0 0 72 54", fill: "none", "aria-hidden": true };

/** A quiet line drawing of what belongs into a slot: the node, its flow, its stiffness; or all joined. */
export function ModalityGlyph({ modality }: { modality: VersionModality }) {
  return (
    <svg
      {...FRAME}
      style={{ flex: "none" }}
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
    >
      <path d="M8 8h56M8 46h56" opacity={0.35} />
      {modality === "fusion" ? (
        <path d="M12 16h10l12 11h26M12 38h10l12-11M12 27h22M54 21l6 6-6 6" />
      ) : (
        <ellipse cx={36} cy={27} rx={19} ry={11} />
      )}
      {modality === "2d" && <path d="M26 28c6-4 14-4 20 0" />}
      {modality === "cdfi" && (
        <>
          <rect x={12} y={11} width={48} height={32} strokeDasharray="3 3" opacity={0.7} />
          <path d="M22 34c6 0 7-7 12-7s6 5 10 2" stroke="var(--danger)" />
          <path d="M34 27c2-4 6-5 9-5" stroke="var(--link)" />
        </>
      )}
      {modality === "elastography" && (
        <>
          <path d="M24 32l11-13M31 36l13-16M39 36l9-11" opacity={0.8} />
          <path d="M66 12v10" stroke="var(--danger)" strokeWidth={3} />
          <path d="M66 22v10" stroke="var(--benign)" strokeWidth={3} />
          <path d="M66 32v10" stroke="var(--link)" strokeWidth={3} />
        </>
      )}
    </svg>
  );
}
