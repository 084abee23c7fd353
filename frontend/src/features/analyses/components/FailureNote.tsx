import { WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { Finding } from "@/api/types";
import type { result } from "@/i18n/en/result";
import type { Modality } from "@/lib/taxonomy";

import styles from "./ImageCard.module.css";

type FailureCode = keyof typeof result.failures;
const CODES: readonly FailureCode[] = [
  "model_unavailable",
  "worker_lost",
  "timed_out",
  "storage_error",
  "not_ultrasound",
  "masking_failed",
  "internal_error",
];

/** Why an image has no answer, and what to do; the picture above it stays. */
export function FailureNote({ failure, modality }: { failure: Finding; modality: Modality }) {
  const { t } = useTranslation();
  const code = CODES.find((known) => known === failure.code) ?? "other";
  const words = { modality: t(`modalities.${modality}.name`) };
  return (
    <div className={styles.failure} data-testid="failure" data-code={failure.code}>
      <WarningOutlined />
      <div>
        <strong>{t(`result.failures.${code}.what`, words)}</strong>
        {code === "other" && <p>{failure.detail}</p>}
        <p>{t(`result.failures.${code}.remedy`)}</p>
      </div>
    </div>
  );
}
