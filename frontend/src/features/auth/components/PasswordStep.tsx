import { Alert, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import type { Credentials } from "../api";
import { signInText } from "../signInText";

interface PasswordStepProps {
  filled: Credentials;
  error: Error | null;
  pending: boolean;
  onSubmit: (credentials: Credentials) => void;
}

export function PasswordStep({ filled, error, pending, onSubmit }: PasswordStepProps) {
  const { t } = useTranslation();
  const rules = [{ required: true, message: t("sign_in.fill") }];
  const failure = error && signInText(error, t);
  return (
    <Form<Credentials>
      layout="vertical"
      requiredMark={false}
      disabled={pending}
      initialValues={filled}
      onFinish={onSubmit}
    >
      <Form.Item name="username" label={t("sign_in.username")} rules={rules}>
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} size="large" />
      </Form.Item>
      <Form.Item name="password" label={t("sign_in.password")} rules={rules}>
        <Input.Password autoComplete="current-password" size="large" />
      </Form.Item>
      {failure && (
        <Form.Item>
          <Alert type="error" showIcon role="alert" title={failure} />
        </Form.Item>
      )}
      <Button type="primary" size="large" htmlType="submit" block loading={pending}>
        {t("sign_in.submit")}
      </Button>
    </Form>
  );
}
