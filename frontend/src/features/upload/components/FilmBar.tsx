import { Slider } from "antd";
import { useTranslation } from "react-i18next";

import type { Modality } from "@/lib/taxonomy";

import type { SlotImage } from "../draft";
import { useDraft } from "../DraftProvider";

import styles from "./SlotCard.module.css";

interface FilmBarProps {
  image: SlotImage;
  modality: Modality;
  disabled?: boolean;
}

/** Chooses the frame of a cine. Counted from 1 here, from 0 where it is sent. */
export function FilmBar({ image, modality, disabled = false }: FilmBarProps) {
  const { t } = useTranslation();
  const { dispatch } = useDraft();
  const { frame, frameCount: count } = image;
  return (
    <div className={styles.film}>
      <Slider
        min={1}
        max={count}
        value={frame + 1}
        disabled={disabled}
        tooltip={{ open: false }}
        ariaLabelForHandle={t("upload.frame")}
        ariaValueTextFormatterForHandle={(value) => t("upload.frame_of", { frame: value, count })}
        onChange={(value: number) => {
          dispatch({ type: "framed", modality, frame: value - 1 });
        }}
      />
      <span className={styles.frame}>
        {frame + 1} / {count}
      </span>
    </div>
  );
}
