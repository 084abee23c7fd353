import {
  CheckCircleFilled,
  CheckOutlined,
  CopyOutlined,
  DownloadOutlined,
} from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { copyText } from "@/lib/clipboard";
import { saveText } from "@/lib/saveText";

import styles from "./account.module.css";

interface RecoveryCodesProps {
  username: string;
  codes: string[];
  onKept: () => void;
}

/** Shown once, right after the set-up. */
export function RecoveryCodes({ username, codes, onKept }: RecoveryCodesProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const text = `CV4LymphNode · ${window.location.host} · ${username}\n\n${codes.join("\n")}\n`;
  async function copy() {
    await copyText(codes.join("\n"));
    setCopied(true);
  }
  return (
    <>
      <div className={styles.recovery} role="alert">
        <strong>
          <CheckCircleFilled aria-hidden /> {t("second_factor.recovery_title")}
        </strong>
        <p>{t("second_factor.recovery_text")}</p>
      </div>
      <ul className={styles.codes} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button
          icon={copied ? <CheckOutlined /> : <CopyOutlined />}
          aria-label={`${t("actions.copy")}: ${t("second_factor.copy")}`}
          onClick={() => void copy()}
        >
          {t(copied ? "actions.copied" : "actions.copy")}
        </Button>
        <Button
          icon={<DownloadOutlined />}
          onClick={() => {
            saveText(text, t("second_factor.file_name"));
          }}
        >
          {t("second_factor.download")}
        </Button>
        <Button type="primary" onClick={onKept}>
          {t("second_factor.done")}
        </Button>
      </div>
    </>
  );
}
