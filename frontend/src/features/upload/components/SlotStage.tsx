import { FileImageOutlined, WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Modality } from "@/lib/taxonomy";

import type { Slot, SlotProblem } from "../draft";
import { useProblemText } from "../problemText";
import { FORMAT_LABEL } from "../sniff";

import styles from "./SlotCard.module.css";

interface SlotStageProps {
  slot: Exclude<Slot, { status: "empty" }>;
  modality: Modality;
}

/** What a filled slot shows: the picture, why there is none, or what is wrong. */
export function SlotStage({ slot, modality }: SlotStageProps) {
  const { t } = useTranslation();
  if (slot.status === "refused") return <Refusal problem={slot.problem} />;
  if (slot.status === "checking") {
    return <span className={styles.invitation}>{t("upload.checking")}</span>;
  }
  const { preview, format } = slot.image;
  if (!preview) {
    const label = format ? FORMAT_LABEL[format] : t("upload.format_name_unknown");
    return (
      <span className={styles.invitation}>
        <FileImageOutlined className={styles.icon} />
        <span>{t("upload.no_preview", { format: label })}</span>
      </span>
    );
  }
  const alt = t("upload.preview_of", { modality: t(`modalities.${modality}.long`) });
  return <img className={styles.preview} src={preview} alt={alt} draggable={false} />;
}

function Refusal({ problem }: { problem: SlotProblem }) {
  const { limits } = useSession();
  const { what, remedy } = useProblemText()(problem, limits.min_side);
  return (
    <span className={styles.refusal} role="alert">
      <WarningOutlined className={styles.icon} />
      <strong>{what}</strong>
      <span>{remedy}</span>
    </span>
  );
}
