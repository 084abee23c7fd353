import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { welcomeAccept } from "../api";
import { passwordReasons } from "../passwordText";
import { throttledText } from "../signInText";

import { NewPassword } from "./NewPassword";

interface WelcomeFormProps {
  uid: string;
  token: string;
  onChosen: (username: string) => void;
  /** The link was used, is over, or is not one. */
  onDead: () => void;
}

/** Chooses a password by a one-time link. */
export function WelcomeForm({ uid, token, onChosen, onDead }: WelcomeFormProps) {
  const { t } = useTranslation();
  const accept = useMutation({
    mutationFn: welcomeAccept,
    onSuccess: ({ username }) => {
      onChosen(username);
    },
    onError: (error) => {
      if (isDead(error)) onDead();
    },
  });
  const failure = accept.error && failureText(accept.error, t);
  return (
    <Form<{ password: string }>
      layout="vertical"
      requiredMark={false}
      size="large"
      disabled={accept.isPending}
      onFinish={({ password }) => {
        accept.mutate({ uid, token, password });
      }}
    >
      <NewPassword reasons={passwordReasons(accept.error, "password", t)} onChange={accept.reset} />
      {failure && (
        <Form.Item>
          <Alert type="error" showIcon role="alert" title={failure} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={accept.isPending}>
        {t("welcome.submit")}
      </Button>
    </Form>
  );
}

/** 400: the address itself is cut or mistyped. */
function isDead(error: Error): boolean {
  return error instanceof ApiProblem && [400, 404].includes(error.status);
}

function failureText(error: Error, t: TFunction): string | null {
  if (!(error instanceof ApiProblem)) return errorText(error, t);
  if (error.code === "weak_password" || isDead(error)) return null;
  return error.status === 429 ? throttledText(error, t) : errorText(error, t);
}
