import { FolderOpenOutlined, PictureOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { chosenFiles, type Arrival } from "../transfer";

import styles from "./UploadForm.module.css";

interface ChooserProps {
  locked: boolean;
  onArrival: (arrival: Arrival) => void;
}

/** What a drop does, for those who don't drag: several files or a whole folder by a dialogue. */
export function Chooser({ locked, onArrival }: ChooserProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.chooser}>
      <Choice icon={<PictureOutlined />} disabled={locked} onArrival={onArrival}>
        {t("upload.choose_files")}
      </Choice>
      <Choice folder icon={<FolderOpenOutlined />} disabled={locked} onArrival={onArrival}>
        {t("upload.choose_folder")}
      </Choice>
    </div>
  );
}

interface ChoiceProps {
  icon: React.ReactNode;
  folder?: boolean;
  disabled: boolean;
  children: string;
  onArrival: (arrival: Arrival) => void;
}

function Choice({ icon, folder = false, disabled, children, onArrival }: ChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button type="text" icon={icon} disabled={disabled} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid={folder ? "folder-input" : "files-input"}
        webkitdirectory={folder ? "" : undefined}
        onChange={(event) => {
          onArrival(chosenFiles(event.target));
          event.target.value = "";
        }}
      />
    </>
  );
}

declare module "react" {
  interface InputHTMLAttributes<T> {
    webkitdirectory?: T extends HTMLInputElement ? string : never;
  }
}
