import { FileDoneOutlined, InboxOutlined } from "@ant-design/icons";
import { useId, useState, type DragEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";

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
  const [over, setOver] = useState(false);
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped && !busy) onFile(dropped);
  }
  return (
    <div>
      <label
        className={styles.drop}
        htmlFor={id}
        data-over={over || undefined}
        data-filled={file !== null || undefined}
        data-missing={missing || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={drop}
      >
        <span className={styles.sign}>{file ? <FileDoneOutlined /> : <InboxOutlined />}</span>
        <span className={styles.words}>
          <strong>{file ? file.name : t("models.upload.drop")}</strong>
          <small>
            {file
              ? `${formatBytes(file.size)} · ${t("models.upload.other")}`
              : t("models.upload.kind")}
          </small>
        </span>
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
      </label>
      {missing && (
        <p id={`${id}-missing`} role="alert" className={styles.missing}>
          {t("models.upload.missing")}
        </p>
      )}
    </div>
  );
}
