import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Input, QRCode } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { SecondFactorBegun } from "@/api/types";
import { CopyField } from "@/components/CopyField";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { secondFactorProve } from "../api";
import { throttledText } from "../signInText";

import styles from "./account.module.css";

interface SecondFactorSetupProps {
  begun: SecondFactorBegun;
  onOn: (codes: string[]) => void;
  onAnew: () => void;
  onStop: () => void;
}

/** Shows the secret as a picture and as text, and asks for the first code. */
export default function SecondFactorSetup({ begun, onOn, onAnew, onStop }: SecondFactorSetupProps) {
  const { t } = useTranslation();
  const prove = useMutation({
    mutationFn: secondFactorProve,
    onSuccess: ({ recovery_codes: codes }) => {
      onOn(codes);
    },
  });
  const stale = prove.error instanceof ApiProblem && prove.error.status === 409;
  return (
    <div className={styles.setup}>
      <div>
        <div className={styles.qr}>
          <QRCode
            type="svg"
            aria-label={t("second_factor.qr")}
            value={begun.otpauth_uri}
            size={176}
            color="#000"
            bgColor="#fff"
            bordered={false}
            styles={{ root: { padding: 0 } }}
          />
        </div>
      </div>
      <div>
        <p className={styles.text}>{t("second_factor.scan")}</p>
        <p className={styles.text}>{t("second_factor.type")}</p>
        <CopyField text={grouped(begun.secret)} label={t("second_factor.secret")} />
        <Form<{ code: string }>
          name="setup"
          layout="vertical"
          requiredMark={false}
          disabled={prove.isPending}
          onFinish={({ code }) => {
            prove.mutate(code.trim());
          }}
        >
          <Form.Item
            name="code"
            label={t("second_factor.code")}
            rules={[{ required: true, whitespace: true, message: t("sign_in.fill") }]}
          >
            <Input
              autoComplete="one-time-code"
              inputMode="numeric"
              maxLength={12}
              className={styles.code}
            />
          </Form.Item>
          {prove.error && (
            <Form.Item>
              <Alert
                type="error"
                showIcon
                role="alert"
                title={failureText(prove.error, t)}
                action={stale && <Button onClick={onAnew}>{t("second_factor.begin")}</Button>}
              />
            </Form.Item>
          )}
          <div className={styles.actions}>
            <Button type="primary" htmlType="submit" loading={prove.isPending}>
              {t("second_factor.confirm")}
            </Button>
            <Button type="text" onClick={onStop}>
              {t("actions.cancel")}
            </Button>
          </div>
        </Form>
      </div>
    </div>
  );
}

/** In fours, as people read them; apps take the spaces. */
function grouped(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(" ");
}

function failureText(error: Error, t: TFunction): string {
  if (!(error instanceof ApiProblem)) return errorText(error, t);
  if (error.code === "wrong_code") return t("second_factor.wrong_code");
  if (error.status === 409) return t("second_factor.anew");
  return error.status === 429 ? throttledText(error, t) : errorText(error, t);
}
