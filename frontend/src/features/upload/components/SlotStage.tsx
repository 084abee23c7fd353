import { FileImageOutlined, WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { RegionOutline } from "@/components/RegionOutline";
import type { Modality } from "@/lib/taxonomy";

import type { Slot, SlotImage, SlotProblem } from "../draft";
import { useDraft } from "../DraftProvider";
import { useProblemText } from "../problemText";
import { FORMAT_LABEL } from "../sniff";
import { usePicture } from "../usePicture";

import { Reading } from "./Reading";
import styles from "./SlotCard.module.css";

interface SlotStageProps {
  slot: Exclude<Slot, { status: "empty" }>;
  modality: Modality;
}

/** What a filled slot shows: the picture, why there is none, or what is wrong. */
export function SlotStage({ slot, modality }: SlotStageProps) {
  const { reading } = useDraft();
  if (slot.status === "refused") return <Refusal problem={slot.problem} />;
  if (slot.status === "checking") return <Reading share={reading[slot.image.id] ?? 0} />;
  return <SlotPicture image={slot.image} modality={modality} />;
}

function SlotPicture({ image, modality }: { image: SlotImage; modality: Modality }) {
  const { t } = useTranslation();
  const { src, exact } = usePicture(image);
  const { width, height, region } = image;
  if (!width || !height) return <NotShown image={image} modality={modality} />;
  if (!src) return <Reading share={0} />;
  return (
    <>
      <img
        className={styles.preview}
        data-near={!exact || undefined}
        src={src}
        alt={t("upload.preview_of", { modality: t(`modalities.${modality}.long`) })}
        draggable={false}
      />
      {region && <RegionOutline region={region} size={{ width, height }} />}
    </>
  );
}

/** Nobody could show it (no network, too many looks): it can be sent all the same. */
function NotShown({ image, modality }: { image: SlotImage; modality: Modality }) {
  const { t } = useTranslation();
  const { place } = useDraft();
  const format = image.format ? FORMAT_LABEL[image.format] : t("upload.format_name_unknown");
  return (
    <span className={styles.invitation}>
      <FileImageOutlined className={styles.icon} />
      <span>{t("upload.no_preview", { format })}</span>
      <Button
        size="small"
        onClick={() => {
          place(modality, image.file);
        }}
      >
        {t("upload.show_again")}
      </Button>
    </span>
  );
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
