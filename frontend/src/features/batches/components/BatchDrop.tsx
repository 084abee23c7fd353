import { FolderOpenOutlined, InboxOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useId, useRef, useState, type ChangeEvent } from "react";
import { useTranslation } from "react-i18next";

import { filesOfDrop, type FoundFile } from "@/lib/drops";

import { MOST_FILES } from "../archive";

import styles from "./Batches.module.css";

/** A place to drop a ZIP, a CSV with its files, or folders; and dialogues for those who don't drag. */
export function BatchDrop({ onFiles }: { onFiles: (found: FoundFile[]) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [over, setOver] = useState(false);
  const folder = useRef<HTMLInputElement>(null);
  function choose({ target }: ChangeEvent<HTMLInputElement>) {
    onFiles(
      [...(target.files ?? [])].map((file) => ({
        path: file.webkitRelativePath || file.name,
        file,
      })),
    );
    target.value = "";
  }
  return (
    <>
      <label
        className={styles.drop}
        htmlFor={id}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => {
          setOver(false);
        }}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void filesOfDrop(event.dataTransfer, MOST_FILES).then(({ found }) => {
            onFiles(found);
          });
        }}
      >
        <span className={styles.sign}>
          <InboxOutlined />
        </span>
        <span className={styles.words}>
          <strong>{t("batches.drop")}</strong>
          <small>{t("batches.drop_kinds")}</small>
        </span>
        <input
          id={id}
          type="file"
          multiple
          className="visually-hidden"
          data-testid="batch-files"
          onChange={choose}
        />
      </label>
      <div className={styles.choices}>
        <Button type="text" icon={<FolderOpenOutlined />} onClick={() => folder.current?.click()}>
          {t("upload.choose_folder")}
        </Button>
        <input ref={folder} type="file" hidden webkitdirectory="" onChange={choose} />
      </div>
    </>
  );
}
