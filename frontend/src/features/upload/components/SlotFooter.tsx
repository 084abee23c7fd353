import { CloseOutlined, SwapOutlined, UploadOutlined } from "@ant-design/icons";
import { Dropdown } from "antd";
import { useTranslation } from "react-i18next";

import { CropGlyph } from "@/components/CropGlyph";
import { IconButton } from "@/components/IconButton";
import { formatBytes } from "@/lib/format";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import type { SlotImage } from "../draft";
import { useDraft } from "../DraftProvider";
import { FORMAT_LABEL } from "../sniff";

import { FilmBar } from "./FilmBar";
import styles from "./SlotCard.module.css";

interface SlotFooterProps {
  modality: Modality;
  locked: boolean;
  sent: number | undefined;
  onReplace: () => void;
  onCrop: () => void;
}

/** Facts, frame or progress of a slot, and what can be done with it, in a line of fixed height. */
export function SlotFooter({ modality, locked, sent, onReplace, onCrop }: SlotFooterProps) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  const slot = draft.slots[modality];
  if (slot.status === "empty") return <footer className={styles.footer} />;
  const seen = slot.status !== "checking" && slot.image.width !== undefined;
  const film = seen && slot.image.frameCount > 1;
  return (
    <footer className={styles.footer}>
      {sent !== undefined && <Sent share={sent} modality={modality} />}
      {sent === undefined && film && (
        <FilmBar image={slot.image} modality={modality} disabled={locked} />
      )}
      {sent === undefined && !film && <Facts image={slot.image} />}
      <span className={styles.actions}>
        {seen && (
          <IconButton
            size="small"
            label={t("upload.crop")}
            icon={<CropGlyph />}
            disabled={locked}
            onClick={onCrop}
          />
        )}
        <IconButton
          size="small"
          label={t("upload.replace")}
          icon={<UploadOutlined />}
          disabled={locked}
          onClick={onReplace}
        />
        <MoveMenu modality={modality} locked={locked} />
        <IconButton
          size="small"
          label={t("upload.remove")}
          icon={<CloseOutlined />}
          disabled={locked}
          onClick={() => {
            dispatch({ type: "removed", modality });
          }}
        />
      </span>
    </footer>
  );
}

function Facts({ image: { format, width, height, region, file } }: { image: SlotImage }) {
  const { t } = useTranslation();
  const seen = region ?? (width && height ? { width, height } : null);
  const size = seen ? `${seen.width} × ${seen.height}` : null;
  return (
    <span className={styles.facts}>
      {[format && FORMAT_LABEL[format], size].filter(Boolean).join(" · ")}
      {region && ` ${t("upload.cropped")}`}
      <span className={styles.bytes}> · {formatBytes(file.size)}</span>
    </span>
  );
}

/** How much of this file has left the computer. */
function Sent({ share, modality }: { share: number; modality: Modality }) {
  const { t } = useTranslation();
  const percent = Math.round(share * 100);
  return (
    <span className={styles.sent}>
      <progress
        value={percent}
        max={100}
        aria-label={t("upload.sent_of", { modality: t(`modalities.${modality}.name`) })}
      />
      {percent < 100 ? t("upload.sent", { percent }) : t("upload.sent_all")}
    </span>
  );
}

function MoveMenu({ modality, locked }: { modality: Modality; locked: boolean }) {
  const { t } = useTranslation();
  const { draft, dispatch } = useDraft();
  const items = MODALITIES.filter((name) => name !== modality).map((to) => ({
    key: to,
    label: t(draft.slots[to].status === "empty" ? "upload.move_to" : "upload.swap_with", {
      modality: t(`modalities.${to}.name`),
    }),
    onClick: () => {
      dispatch({ type: "moved", from: modality, to });
    },
  }));
  return (
    <Dropdown menu={{ items }} trigger={["click"]} disabled={locked}>
      <span>
        <IconButton
          size="small"
          label={t("upload.move")}
          icon={<SwapOutlined />}
          disabled={locked}
        />
      </span>
    </Dropdown>
  );
}
