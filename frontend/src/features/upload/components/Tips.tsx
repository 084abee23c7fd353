import { useTranslation } from "react-i18next";

import styles from "./UploadForm.module.css";

const TIPS = ["node", "freeze", "box", "strain", "text"] as const;

export function Tips() {
  const { t } = useTranslation();
  return (
    <details className={styles.tips}>
      <summary>{t("upload.tips_title")}</summary>
      <ul>
        {TIPS.map((tip) => (
          <li key={tip}>{t(`upload.tips.${tip}`)}</li>
        ))}
      </ul>
    </details>
  );
}
