import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { partOf, wholeOf, type Region } from "@/lib/region";
import type { Modality } from "@/lib/taxonomy";

import { FilmBar } from "../components/FilmBar";
import type { SlotImage } from "../draft";
import { useDraft } from "../DraftProvider";
import { usePicture } from "../usePicture";

import { CropBox } from "./CropBox";
import styles from "./region.module.css";
import { RegionFields } from "./RegionFields";

interface RegionDialogProps {
  modality: Modality;
  onClose: () => void;
}

/** Chooses the part of an image that the model sees. The image itself stays whole. */
export function RegionDialog({ modality, onClose }: RegionDialogProps) {
  const { t } = useTranslation();
  const { draft } = useDraft();
  const slot = draft.slots[modality];
  return (
    <Modal
      open
      width={1120}
      centered
      title={t("upload.region.title", { modality: t(`modalities.${modality}.long`) })}
      footer={null}
      onCancel={onClose}
    >
      {slot.status !== "empty" && (
        <Editor image={slot.image} modality={modality} onClose={onClose} />
      )}
    </Modal>
  );
}

interface EditorProps extends RegionDialogProps {
  image: SlotImage;
}

function Editor({ image, modality, onClose }: EditorProps) {
  const { t } = useTranslation();
  const { dispatch } = useDraft();
  const { limits } = useSession();
  const { src } = usePicture(image, true);
  const { scannerRegion } = image;
  const size = { width: image.width ?? 1, height: image.height ?? 1 };
  const least = Math.max(1, limits.min_side);
  const [region, setRegion] = useState<Region>(image.region ?? wholeOf(size));
  return (
    <div className={styles.editor}>
      <div className={styles.stage}>
        {src && (
          <CropBox src={src} size={size} least={least} region={region} onChange={setRegion} />
        )}
      </div>
      <div className={styles.side}>
        <p>{t("upload.region.lead")}</p>
        {image.frameCount > 1 && (
          <div className={styles.film}>
            <span>{t("upload.frame")}</span>
            <FilmBar image={image} modality={modality} />
          </div>
        )}
        <RegionFields size={size} least={least} region={region} onChange={setRegion} />
        <div className={styles.presets}>
          <Button
            onClick={() => {
              setRegion(wholeOf(size));
            }}
          >
            {t("upload.region.whole")}
          </Button>
          {scannerRegion && (
            <Button
              onClick={() => {
                setRegion(scannerRegion);
              }}
            >
              {t("upload.region.scanner")}
            </Button>
          )}
        </div>
        <p className={styles.keys}>{t("upload.region.keys")}</p>
        <div className={styles.end}>
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="primary"
            onClick={() => {
              dispatch({ type: "cropped", modality, region: partOf(region, size) });
              onClose();
            }}
          >
            {t("upload.region.use")}
          </Button>
        </div>
      </div>
    </div>
  );
}
