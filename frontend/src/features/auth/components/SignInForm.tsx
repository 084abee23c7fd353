import { Alert, Button, Form, Input } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { useSignIn, type Credentials } from "../api";

export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { t } = useTranslation();
  const signIn = useSignIn();
  const rules = [{ required: true, message: t("sign_in.fill") }];
  return (
    <Form<Credentials>
      layout="vertical"
      requiredMark={false}
      disabled={signIn.isPending}
      onFinish={(credentials) => {
        signIn.mutate(credentials, { onSuccess: onSignedIn });
      }}
    >
      <Form.Item name="username" label={t("sign_in.username")} rules={rules}>
        <Input autoComplete="username" size="large" />
      </Form.Item>
      <Form.Item name="password" label={t("sign_in.password")} rules={rules}>
        <Input.Password autoComplete="current-password" size="large" />
      </Form.Item>
      {signIn.isError && (
        <Form.Item>
          <Alert type="error" showIcon role="alert" title={failure(signIn.error, t)} />
        </Form.Item>
      )}
      <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
        {t("sign_in.submit")}
      </Button>
    </Form>
  );
}

function failure(error: Error, t: TFunction): string {
  if (!(error instanceof ApiProblem)) return errorText(error, t);
  if (error.status === 401 || error.status === 400) return t("sign_in.wrong");
  if (error.status === 429) return t("sign_in.throttled");
  return t("sign_in.failed", { detail: error.detail });
}
