import { Alert, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Reading } from "@/api/types";
import { errorText } from "@/lib/errorText";
import type { ClassName } from "@/lib/taxonomy";

import { useVerdictSave } from "../api";

import { ClassChoice } from "./ClassChoice";
import { ClassWord } from "./ClassWord";
import styles from "./outcomes.module.css";

interface VerdictCellProps {
  id: string;
  /** The class that the model names. */
  answered: ClassName;
  reading: Reading;
  changes: boolean;
}

/** What was decided, or the two ways to decide. */
export function VerdictCell({ id, answered, reading, changes }: VerdictCellProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const save = useVerdictSave(id);
  const verdict = reading.verdicts[0];
  if (!verdict && !changes) return null;
  return (
    <div className={styles.cell} data-testid="verdict">
      <span className={styles.quiet}>{t("verdict.title")}</span>
      {verdict && <span>{t(verdict.agrees ? "verdict.agreed" : "verdict.overridden")}</span>}
      {verdict && !verdict.agrees && (
        <>
          <ClassWord name={verdict.class} />
          <q className={styles.reason}>{verdict.reason}</q>
        </>
      )}
      {changes && !verdict?.agrees && (
        <Button
          size="small"
          loading={save.isPending}
          onClick={() => {
            save.mutate({ agrees: true });
          }}
        >
          {t("verdict.agree")}
        </Button>
      )}
      {changes && (
        <Button
          size="small"
          onClick={() => {
            setOpen(true);
          }}
        >
          {t("verdict.override")}
        </Button>
      )}
      {save.error && <span className={styles.differs}>{errorText(save.error, t)}</span>}
      {open && (
        <OverrideDialog
          id={id}
          answered={answered}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </div>
  );
}

interface OverrideDialogProps {
  id: string;
  answered: ClassName;
  onClose: () => void;
}

function OverrideDialog({ id, answered, onClose }: OverrideDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ class: ClassName; reason: string }>();
  const save = useVerdictSave(id);
  return (
    <Modal
      open
      title={t("verdict.override_title")}
      okText={t("verdict.save")}
      cancelText={t("actions.cancel")}
      confirmLoading={save.isPending}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form
        form={form}
        name="override"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => {
          save.mutate({ agrees: false, ...fields }, { onSuccess: onClose });
        }}
      >
        <Form.Item
          name="class"
          label={t("verdict.class")}
          rules={[{ required: true, message: t("verdict.class_missing") }]}
        >
          <ClassChoice label={t("verdict.class")} without={answered} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t("verdict.reason")}
          rules={[{ required: true, whitespace: true, message: t("verdict.reason_missing") }]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
      {save.error && <Alert type="error" showIcon role="alert" title={errorText(save.error, t)} />}
    </Modal>
  );
}
