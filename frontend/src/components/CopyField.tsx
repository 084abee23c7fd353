import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { copyText } from "@/lib/clipboard";

import styles from "./CopyField.module.css";

/** Text to take along, with a button that copies it. */
export function CopyField({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  async function copy() {
    await copyText(text);
    setCopied(true);
  }
  return (
    <div className={styles.field}>
      <pre>{text}</pre>
      <Button
        type="text"
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        aria-label={`${t("actions.copy")}: ${label}`}
        onClick={() => void copy()}
      >
        {t(copied ? "actions.copied" : "actions.copy")}
      </Button>
    </div>
  );
}
