import { Alert, Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { signInText } from "../signInText";

import styles from "./CodeStep.module.css";

interface CodeStepProps {
  username: string;
  error: Error | null;
  pending: boolean;
  onSubmit: (code: string) => void;
  onBack: () => void;
}

/** The second step of signing in. */
export function CodeStep({ username, error, pending, onSubmit, onBack }: CodeStepProps) {
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const failure = error && signInText(error, t);
  useEffect(() => {
    if (!pending) field.current?.focus({ cursor: "all" });
  }, [pending]);
  return (
    <Form<{ code: string }>
      layout="vertical"
      requiredMark={false}
      disabled={pending}
      onFinish={({ code }) => {
        onSubmit(code.trim());
      }}
    >
      <p className={styles.who} role="status">
        {t("sign_in.code_for", { name: username })}
      </p>
      <Form.Item
        name="code"
        label={t("sign_in.code")}
        extra={t("sign_in.code_hint")}
        rules={[{ required: true, whitespace: true, message: t("sign_in.fill") }]}
      >
        <Input
          ref={field}
          className={styles.code}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          size="large"
        />
      </Form.Item>
      {failure && (
        <Form.Item>
          <Alert type="error" showIcon role="alert" title={failure} />
        </Form.Item>
      )}
      <div className={styles.actions}>
        <Button type="primary" size="large" htmlType="submit" block loading={pending}>
          {t("sign_in.submit")}
        </Button>
        <Button type="link" className={styles.back} onClick={onBack}>
          {t("sign_in.back")}
        </Button>
      </div>
    </Form>
  );
}
