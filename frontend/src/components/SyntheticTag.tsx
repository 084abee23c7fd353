import { Popover } from "antd";
import { useTranslation } from "react-i18next";

import styles from "./SyntheticTag.module.css";

/** Marks what comes from computer-made images; says why on click. */
export function SyntheticTag() {
  const { t } = useTranslation();
  return (
    <Popover
      trigger="click"
      content={<div className={styles.content}>{t("synthetic_explained")}</div>}
    >
      <button type="button" className={styles.tag}>
        {t("synthetic")}
      </button>
    </Popover>
  );
}
