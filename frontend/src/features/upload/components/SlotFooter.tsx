import { CloseOutlined, SwapOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";

import { formatBytes } from "@/lib/format";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import type { Slot, SlotImage } from "../draft";
import { useDraft } from "../DraftProvider";
import { FORMAT_LABEL } from "../sniff";

import styles from "./SlotCard.module.css";

interface SlotFooterProps {
  slot: Slot;
  modality: Modality;
  locked: boolean;
  onReplace: () => void;
}

function describe({ format, width, height }: SlotImage): string {
  const size = width && height ? `${width} × ${height}` : null;
  return [format && FORMAT_LABEL[format], size].filter(Boolean).join(" · ");
}

/** Facts and actions of a slot, in a line of fixed height. */
export function SlotFooter({ slot, modality, locked, onReplace }: SlotFooterProps) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  if (slot.status === "empty") return <footer className={styles.footer} />;
  const targets = MODALITIES.filter((name) => name !== modality).map((to) => ({
    key: to,
    label: t(draft.slots[to].status === "empty" ? "upload.move_to" : "upload.swap_with", {
      modality: t(`modalities.${to}.name`),
    }),
    onClick: () => {
      dispatch({ type: "moved", from: modality, to });
    },
  }));
  return (
    <footer className={styles.footer}>
      <span className={styles.facts}>
        {describe(slot.image)}
        <span className={styles.bytes}> · {formatBytes(slot.image.file.size)}</span>
      </span>
      <span className={styles.actions}>
        <SlotButton icon={<UploadOutlined />} disabled={locked} onClick={onReplace}>
          {t("upload.replace")}
        </SlotButton>
        <Dropdown menu={{ items: targets }} trigger={["click"]} disabled={locked}>
          <SlotButton icon={<SwapOutlined />} disabled={locked}>
            {t("upload.move")}
          </SlotButton>
        </Dropdown>
        <SlotButton
          icon={<CloseOutlined />}
          disabled={locked}
          onClick={() => {
            dispatch({ type: "removed", modality });
          }}
        >
          {t("upload.remove")}
        </SlotButton>
      </span>
    </footer>
  );
}

type SlotButtonProps = React.ComponentProps<typeof Button>;

/** Its word gives way to the icon where the slot is narrow; the name stays for screen readers. */
function SlotButton({ children, ...rest }: SlotButtonProps) {
  return (
    <Button type="text" size="small" title={String(children)} {...rest}>
      <span className={styles.word}>{children}</span>
    </Button>
  );
}
