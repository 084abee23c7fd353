import { Alert, Button, Progress } from "antd";
import { useTranslation } from "react-i18next";

import type { Comparison } from "@/api/types";
import { errorText } from "@/lib/errorText";

import { isOpen, useCancel } from "./api";
import styles from "./Comparison.module.css";

/** How far a comparison has come, and how to stop it. */
export function Course({ comparison, manage }: { comparison: Comparison; manage: boolean }) {
  const { t } = useTranslation();
  const cancel = useCancel(comparison.id);
  const { state, counts } = comparison;
  const ended = counts.done + counts.failed;
  const words = t(`models.comparison.course.${state}`, { done: ended, total: counts.total });
  return (
    <div className={styles.course}>
      <span role="status" className={styles.words}>
        {words}
      </span>
      <Progress
        className={styles.bar}
        percent={counts.total ? (ended / counts.total) * 100 : 0}
        showInfo={false}
        status={state === "running" ? "active" : "normal"}
        aria-label={words}
      />
      {manage && isOpen(comparison) && (
        <Button
          loading={cancel.isPending}
          onClick={() => {
            cancel.mutate();
          }}
        >
          {t("models.comparison.cancel")}
        </Button>
      )}
      {cancel.error && <Alert type="error" showIcon title={errorText(cancel.error, t)} />}
    </div>
  );
}
