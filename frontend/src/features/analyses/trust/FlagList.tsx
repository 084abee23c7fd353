import { WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";

import { flagText } from "./flags";
import styles from "./trust.module.css";

/** What speaks against an image's answer; it stays beside it for ever. */
export function FlagList({ prediction }: { prediction: Prediction }) {
  const { t, i18n } = useTranslation();
  if (prediction.flags.length === 0) return null;
  return (
    <ul className={styles.flags}>
      {prediction.flags.map((flag) => (
        <li key={`${flag.code} ${flag.class_name}`}>
          <WarningOutlined /> {flagText(flag, prediction, t, i18n.language)}
        </li>
      ))}
    </ul>
  );
}
