import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { MODALITIES } from "@/lib/taxonomy";

import type { Inspected } from "../draft";
import { bestOfMany } from "../sorting";

import { Candidate } from "./Candidate";
import styles from "./PickDialog.module.css";

interface PickDialogProps {
  candidates: Inspected[];
  onPick: (picked: Inspected[]) => void;
  onClose: () => void;
}

/** More images than slots: the person picks up to three; a suggestion is ticked. */
export function PickDialog({ candidates, onPick, onClose }: PickDialogProps) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState(() =>
    bestOfMany(candidates.map(({ image }) => image.suggestion)),
  );
  const full = picked.length >= MODALITIES.length;
  return (
    <Modal
      open
      width={880}
      centered
      title={t("upload.pick.title", { count: candidates.length })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("actions.cancel")}</Button>
          <Button
            type="primary"
            disabled={picked.length === 0}
            onClick={() => {
              onPick(candidates.filter((_, index) => picked.includes(index)));
            }}
          >
            {t("upload.pick.use", { count: picked.length })}
          </Button>
        </>
      }
    >
      <p>{t("upload.pick.lead")}</p>
      <ul className={styles.grid}>
        {candidates.map(({ image, problem }, index) => {
          const chosen = picked.includes(index);
          return (
            <Candidate
              key={image.id}
              image={image}
              chosen={chosen}
              disabled={problem !== null || (full && !chosen)}
              onChange={() => {
                setPicked(chosen ? picked.filter((one) => one !== index) : [...picked, index]);
              }}
            />
          );
        })}
      </ul>
    </Modal>
  );
}
