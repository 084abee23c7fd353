import { Alert, Form, Input, Modal } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import styles from "./ReasonDialog.module.css";
import { RefusalNote } from "./RefusalNote";

const LONGEST = 500;

interface ReasonDialogProps {
  title: string;
  action: string;
  /** What will happen, in words. */
  children: ReactNode;
  warnings?: readonly string[];
  danger?: boolean;
  busy: boolean;
  error: Error | null;
  onSubmit: (reason: string) => void;
  onClose: () => void;
}

/** Asks why, for the history, before something is done to a version. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, action, children, warnings = [], danger = false, busy, error } = props;
  const { t } = useTranslation();
  const [form] = Form.useForm<{ reason: string }>();
  const [open, setOpen] = useState(true);
  return (
    <Modal
      open={open}
      title={title}
      okText={action}
      okButtonProps={{ danger }}
      confirmLoading={busy}
      cancelText={t("actions.cancel")}
      onCancel={() => {
        setOpen(false); // gives the focus back before it goes
      }}
      afterClose={props.onClose}
      onOk={form.submit}
    >
      <div className={styles.text}>{children}</div>
      {warnings.map((warning) => (
        <Alert key={warning} type="warning" showIcon title={warning} className={styles.text} />
      ))}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) => {
          props.onSubmit(reason.trim());
        }}
      >
        <ReasonField />
      </Form>
      {error && <RefusalNote error={error} />}
    </Modal>
  );
}

/** The field `reason` of a form. */
export function ReasonField() {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="reason"
      label={t("models.reason.label")}
      extra={t("models.reason.note")}
      rules={[{ required: true, whitespace: true, message: t("models.reason.missing") }]}
    >
      <Input.TextArea maxLength={LONGEST} showCount autoSize={{ minRows: 2, maxRows: 6 }} />
    </Form.Item>
  );
}
