import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import styles from "./ResultView.module.css";

/** The shape of a result before anything is known of it. */
export function ResultSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={styles.result} aria-busy aria-label={t("loading")}>
      <Skeleton active title={{ width: 240 }} paragraph={false} />
      <div className={styles.blank} style={{ height: 152 }} />
      <div className={styles.cards} data-count={3}>
        {[1, 2, 3].map((place) => (
          <div key={place} className={styles.blank} style={{ aspectRatio: "4 / 3" }} />
        ))}
      </div>
    </div>
  );
}
