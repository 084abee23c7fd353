import { SwapOutlined } from "@ant-design/icons";
import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";

import type { Modality } from "@/lib/taxonomy";

import { useDraft } from "../DraftProvider";

import styles from "./UploadForm.module.css";

interface SwapButtonProps {
  left: Modality;
  right: Modality;
  locked: boolean;
}

/** Sits on the gap between two slots and swaps what they hold, with one click. */
export function SwapButton({ left, right, locked }: SwapButtonProps) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  const nothing = draft.slots[left].status === "empty" && draft.slots[right].status === "empty";
  if (nothing || locked) return null;
  const label = t("upload.swap", {
    left: t(`modalities.${left}.name`),
    right: t(`modalities.${right}.name`),
  });
  return (
    <Tooltip title={label}>
      <button
        type="button"
        className={styles.swap}
        data-after={left}
        aria-label={label}
        onClick={() => {
          dispatch({ type: "moved", from: left, to: right });
        }}
      >
        <SwapOutlined />
      </button>
    </Tooltip>
  );
}
