import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form, Input, Segmented } from "antd";
import { useTranslation } from "react-i18next";

import type { SessionUser, TokenCreate, TokenCreated } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { tokenCreate } from "../api";
import { scopeName, scopesFor } from "../scopes";

import styles from "./account.module.css";

const DAYS = [7, 30, 90, 365];
const NAME_LENGTH = 80;

interface TokenFormProps {
  user: SessionUser;
  onMade: (token: TokenCreated) => void;
  onStop: () => void;
}

export function TokenForm({ user, onMade, onStop }: TokenFormProps) {
  const { t } = useTranslation();
  const create = useMutation({ mutationFn: tokenCreate, onSuccess: onMade });
  const error = create.error;
  const full = error instanceof ApiProblem && error.code === "too_many_tokens";
  return (
    <Form<TokenCreate>
      name="token"
      className={styles.newToken}
      layout="vertical"
      requiredMark={false}
      disabled={create.isPending}
      initialValues={{ scopes: ["analyses:read"], expires_in_days: 90 }}
      onFinish={(fields) => {
        create.mutate(fields);
      }}
    >
      <Form.Item
        name="name"
        label={t("tokens.name")}
        rules={[{ required: true, whitespace: true, message: t("sign_in.fill") }]}
      >
        <Input
          className={styles.form}
          maxLength={NAME_LENGTH}
          placeholder={t("tokens.name_example")}
          autoComplete="off"
        />
      </Form.Item>
      <Form.Item
        name="scopes"
        label={t("tokens.scopes")}
        rules={[{ type: "array", min: 1, message: t("tokens.scopes_none") }]}
      >
        <Checkbox.Group
          className={styles.scopes}
          options={scopesFor(user).map((scope) => ({
            value: scope,
            label: t(`tokens.scope.${scopeName(scope)}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="expires_in_days" label={t("tokens.days")}>
        <Segmented
          options={DAYS.map((days) => ({
            value: days,
            label: t("tokens.days_count", { count: days }),
          }))}
        />
      </Form.Item>
      {error && (
        <Form.Item>
          <Alert
            type="error"
            showIcon
            role="alert"
            title={full ? t("tokens.limit") : errorText(error, t)}
          />
        </Form.Item>
      )}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {t("tokens.create")}
        </Button>
        <Button type="text" onClick={onStop}>
          {t("actions.cancel")}
        </Button>
      </div>
    </Form>
  );
}
