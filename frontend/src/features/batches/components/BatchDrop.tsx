import { FolderOpenOutlined, InboxOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useId, useRef, type ChangeEvent } from "react";
import { useTranslation } from "react-i18next";

import { DropArea } from "@/components/DropArea";
import { filesOfDrop, type FoundFile } from "@/lib/drops";

import { MOST_FILES } from "../archive";

import styles from "./Batches.module.css";

/** A place to drop a ZIP, a CSV with its files, or folders; and dialogues for those who don't drag. */
export function BatchDrop({ onFiles }: { onFiles: (found: FoundFile[]) => void }) {
  const { t } = useTranslation();
  const id = useId();
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
      <DropArea
        htmlFor={id}
        icon={<InboxOutlined />}
        title={t("batches.drop")}
        hint={t("batches.drop_kinds")}
        onDrop={(transfer) => {
          void filesOfDrop(transfer, MOST_FILES).then(({ found }) => {
            onFiles(found);
          });
        }}
      >
        <input
          id={id}
          type="file"
          multiple
          className="visually-hidden"
          data-testid="batch-files"
          onChange={choose}
        />
      </DropArea>
      <div className={styles.choices}>
        <Button type="text" icon={<FolderOpenOutlined />} onClick={() => folder.current?.click()}>
          {t("upload.choose_folder")}
        </Button>
        <input ref={folder} type="file" hidden webkitdirectory="" onChange={choose} />
      </div>
    </>
  );
}
