import { InputNumber } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ModelVersion } from "@/api/types";

import { ReasonDialog } from "../components/ReasonDialog";

import { useRerun } from "./api";
import styles from "./Comparison.module.css";

const MOST = 1000;
const USUAL = 100;

interface CompareDialogProps {
  version: Pick<ModelVersion, "id" | "name" | "modality">;
  onClose: () => void;
  onStarted: (comparison: string) => void;
}

/** Asks on how many of the last cases a candidate shall be compared, and why. */
export function CompareDialog({ version, onClose, onStarted }: CompareDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [last, setLast] = useState(USUAL);
  const rerun = useRerun();
  return (
    <ReasonDialog
      title={t("models.compare.title", { name: version.name })}
      action={t("models.compare.start")}
      busy={rerun.isPending}
      error={rerun.error}
      onClose={onClose}
      onSubmit={(reason) => {
        rerun.mutate(
          { id: version.id, last, reason },
          {
            onSuccess: (comparison) => {
              onStarted(comparison.id);
            },
          },
        );
      }}
    >
      <p>{t("models.compare.text", { modality: t(`modalities.${version.modality}.name`) })}</p>
      <label htmlFor={id} className={styles.last}>
        {t("models.compare.last")}
        <InputNumber
          id={id}
          min={1}
          max={MOST}
          precision={0}
          value={last}
          onChange={(value) => {
            setLast(value ?? USUAL);
          }}
        />
      </label>
    </ReasonDialog>
  );
}
