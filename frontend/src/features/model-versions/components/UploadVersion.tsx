import { Button, Form, Input, Progress } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { ModelCard } from "@/api/types";
import { formatPercent } from "@/lib/format";

import { fileRefusal } from "../refusals";
import { useVersionUpload } from "../useVersionUpload";

import { FileDrop } from "./FileDrop";
import { ReasonField } from "./ReasonDialog";
import { RefusalNote } from "./RefusalNote";
import styles from "./UploadVersion.module.css";

interface Fields {
  name?: string;
  sha256?: string;
  reason: string;
}

const SHA256 = /^\s*[0-9a-f]{64}\s*$/i;

/** Brings a version in: the file, what to call it, its checksum, and why. */
export function UploadVersion({ onUploaded }: { onUploaded: (card: ModelCard) => void }) {
  const { t, i18n } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [missing, setMissing] = useState(false);
  const drop = useRef<HTMLInputElement>(null);
  const { upload, share, stop } = useVersionUpload(onUploaded);
  const refused = file && fileRefusal(file);
  const error = refused ?? upload.error;

  function choose(chosen: File) {
    upload.reset();
    setMissing(false);
    setFile(chosen);
  }

  function send({ name = "", sha256 = "", reason }: Fields) {
    if (!file || refused) {
      setMissing(!file);
      drop.current?.focus();
      return;
    }
    upload.mutate({ file, name, sha256, reason });
  }

  return (
    <Form<Fields>
      layout="vertical"
      requiredMark={false}
      className={styles.form}
      disabled={upload.isPending}
      onFinish={send}
    >
      <FileDrop ref={drop} file={file} busy={upload.isPending} missing={missing} onFile={choose} />
      {error && <RefusalNote error={error} />}
      <Form.Item name="name" label={t("models.upload.name")} extra={t("models.upload.name_note")}>
        <Input maxLength={120} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="sha256"
        label={t("models.upload.sha256")}
        extra={
          <>
            {t("models.upload.sha256_note")} <code>sha256sum {file?.name ?? "….safetensors"}</code>
          </>
        }
        rules={[{ pattern: SHA256, message: t("models.upload.sha256_wrong") }]}
      >
        <Input className={styles.hash} autoComplete="off" spellCheck={false} />
      </Form.Item>
      <ReasonField />
      <div className={styles.send}>
        <Button type="primary" htmlType="submit" loading={upload.isPending}>
          {t("models.upload.submit")}
        </Button>
        {upload.isPending && (
          <>
            <Progress
              className={styles.progress}
              percent={Math.round(share * 100)}
              showInfo={false}
              aria-label={t("models.upload.progress")}
            />
            <span role="status" className={styles.share}>
              {share < 1
                ? t("models.upload.sending", { percent: formatPercent(share, i18n.language) })
                : t("models.upload.storing")}
            </span>
            <Button disabled={false} onClick={stop}>
              {t("actions.cancel")}
            </Button>
          </>
        )}
      </div>
    </Form>
  );
}
