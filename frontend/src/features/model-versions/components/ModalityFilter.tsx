import { Segmented } from "antd";
import { useTranslation } from "react-i18next";

import { VERSION_MODALITIES, type VersionModality } from "@/lib/taxonomy";

export const ALL = "all" as const;
export type ModalityChoice = VersionModality | typeof ALL;

interface ModalityFilterProps {
  value: ModalityChoice;
  onChange: (value: ModalityChoice) => void;
}

/** Narrows a list to one modality. */
export function ModalityFilter({ value, onChange }: ModalityFilterProps) {
  const { t } = useTranslation();
  return (
    <Segmented
      aria-label={t("models.list.modality")}
      value={value}
      onChange={onChange}
      options={[ALL, ...VERSION_MODALITIES].map((choice) => ({
        value: choice,
        label: choice === ALL ? t("models.list.any") : t(`modalities.${choice}.name`),
      }))}
    />
  );
}
