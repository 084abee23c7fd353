import { FileImageOutlined } from "@ant-design/icons";
import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";

import type { SlotImage } from "../draft";
import { usePicture } from "../usePicture";

import styles from "./PickDialog.module.css";

interface CandidateProps {
  image: SlotImage;
  chosen: boolean;
  disabled: boolean;
  onChange: () => void;
}

/** One image to pick or leave. */
export function Candidate({ image, chosen, disabled, onChange }: CandidateProps) {
  const { t } = useTranslation();
  const { src } = usePicture(image);
  const { suggestion, file } = image;
  return (
    <li className={styles.candidate} data-chosen={chosen || undefined}>
      <Checkbox checked={chosen} disabled={disabled} onChange={onChange} className={styles.tick}>
        <span className={styles.picture}>
          {src ? <img src={src} alt="" /> : <FileImageOutlined />}
        </span>
        <span className={styles.name}>{file.name}</span>
        <span className={styles.kind}>
          {suggestion ? t(`modalities.${suggestion.modality}.name`) : " "}
        </span>
      </Checkbox>
    </li>
  );
}
