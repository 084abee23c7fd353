import { useTranslation } from "react-i18next";

import styles from "./SlotCard.module.css";

/** A file is being looked at; how much of it has reached the server, when it has to go there. */
export function Reading({ share }: { share: number }) {
  const { t } = useTranslation();
  const percent = Math.round(share * 100);
  return (
    <span className={styles.invitation}>
      <span className={styles.pulse} aria-hidden />
      {percent > 0 && percent < 100
        ? t("upload.checking_share", { percent })
        : t("upload.checking")}
    </span>
  );
}
