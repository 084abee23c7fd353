import { Alert, App, Button, Form, Input } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { Panel } from "@/components/Panel";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { usePasswordChange } from "../api";
import { NewPassword } from "../components/NewPassword";
import { passwordReasons } from "../passwordText";
import { throttledText } from "../signInText";

import styles from "./account.module.css";

interface Fields {
  old: string;
  password: string;
  repeat: string;
}

export function PasswordPanel({ username }: { username: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const change = usePasswordChange();
  const reasons = passwordReasons(change.error, "new", t);
  const failure = change.error && failureText(change.error, t);
  function send({ old, password }: Fields) {
    change.mutate(
      { old, new: password },
      {
        onSuccess: () => {
          form.resetFields();
          void message.success(t("account.password_changed"));
        },
      },
    );
  }
  return (
    <Panel title={t("account.password_title")} text={t("account.password_text")}>
      <Form<Fields>
        form={form}
        name="change"
        className={styles.form}
        layout="vertical"
        requiredMark={false}
        disabled={change.isPending}
        onFinish={send}
      >
        <input type="text" autoComplete="username" value={username} readOnly hidden />
        <Form.Item
          name="old"
          label={t("account.password_old")}
          rules={[{ required: true, message: t("sign_in.fill") }]}
        >
          <Input.Password autoComplete="current-password" maxLength={256} />
        </Form.Item>
        <NewPassword reasons={reasons} onChange={change.reset} />
        {failure && (
          <Form.Item>
            <Alert type="error" showIcon role="alert" title={failure} />
          </Form.Item>
        )}
        <Button htmlType="submit" loading={change.isPending}>
          {t("account.password_change")}
        </Button>
      </Form>
    </Panel>
  );
}

function failureText(error: Error, t: TFunction): string | null {
  if (!(error instanceof ApiProblem)) return errorText(error, t);
  if (error.code === "weak_password") return null; // said at the field
  if (error.code === "wrong_password") return t("account.wrong_password");
  return error.status === 429 ? throttledText(error, t) : errorText(error, t);
}
