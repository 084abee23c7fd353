import { FileDoneOutlined, InboxOutlined } from "@ant-design/icons";
import { useId, type Ref } from "react";
import { useTranslation } from "react-i18next";

import { DropArea } from "@/components/DropArea";
import { formatBytes } from "@/lib/format";

import styles from "./UploadVersion.module.css";

interface FileDropProps {
  ref?: Ref<HTMLInputElement>;
  file: File | null;
  busy: boolean;
  /** True once somebody tried to go on without a file. */
  missing: boolean;
  onFile: (file: File) => void;
}

/** A place to drop or choose one checkpoint. */
export function FileDrop({ ref, file, busy, missing, onFile }: FileDropProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div>
      <DropArea
        htmlFor={id}
        icon={file ? <FileDoneOutlined /> : <InboxOutlined />}
        title={file ? file.name : t("models.upload.drop")}
        hint={
          file ? `${formatBytes(file.size)} · ${t("models.upload.other")}` : t("models.upload.kind")
        }
        filled={file !== null}
        missing={missing}
        onDrop={({ files: [dropped] }) => {
          if (dropped && !busy) onFile(dropped);
        }}
      >
        <input
          ref={ref}
          id={id}
          type="file"
          accept=".safetensors"
          className="visually-hidden"
          disabled={busy}
          aria-describedby={missing ? `${id}-missing` : undefined}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen) onFile(chosen);
            event.target.value = "";
          }}
        />
      </DropArea>
      {missing && (
        <p id={`${id}-missing`} role="alert" className={styles.missing}>
          {t("models.upload.missing")}
        </p>
      )}
    </div>
  );
}
