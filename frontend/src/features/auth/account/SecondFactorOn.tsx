import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { secondFactorDrop } from "../api";
import { throttledText } from "../signInText";

import styles from "./account.module.css";

const FEW = 3;

interface SecondFactorOnProps {
  factor: { recovery_codes_left: number };
  onOff: () => Promise<void>;
}

export function SecondFactorOn({ factor, onOff }: SecondFactorOnProps) {
  const { t } = useTranslation();
  const [turningOff, setTurningOff] = useState(false);
  const left = factor.recovery_codes_left;
  return (
    <>
      <p className={styles.lead}>
        {t("second_factor.on")} {t("second_factor.left", { count: left })}{" "}
        {left <= FEW && t("second_factor.left_few")}
      </p>
      {turningOff ? (
        <TurnOff
          onOff={onOff}
          onStop={() => {
            setTurningOff(false);
          }}
        />
      ) : (
        <div className={styles.actions}>
          <Button
            onClick={() => {
              setTurningOff(true);
            }}
          >
            {t("second_factor.turn_off")}
          </Button>
        </div>
      )}
    </>
  );
}

function TurnOff({ onOff, onStop }: { onOff: () => Promise<void>; onStop: () => void }) {
  const { t } = useTranslation();
  const drop = useMutation({ mutationFn: secondFactorDrop, onSuccess: onOff });
  const rules = [{ required: true, whitespace: true, message: t("sign_in.fill") }];
  return (
    <Form<{ password: string; code: string }>
      name="off"
      className={styles.form}
      layout="vertical"
      requiredMark={false}
      disabled={drop.isPending}
      onFinish={({ password, code }) => {
        drop.mutate({ password, code: code.trim() });
      }}
    >
      <p className={styles.quiet}>{t("second_factor.turn_off_text")}</p>
      <Form.Item name="password" label={t("second_factor.password")} rules={rules}>
        <Input.Password autoComplete="current-password" maxLength={256} />
      </Form.Item>
      <Form.Item name="code" label={t("second_factor.code_now")} rules={rules}>
        <Input autoComplete="one-time-code" autoCapitalize="none" maxLength={32} />
      </Form.Item>
      {drop.error && (
        <Form.Item>
          <Alert type="error" showIcon role="alert" title={failureText(drop.error, t)} />
        </Form.Item>
      )}
      <div className={styles.actions}>
        <Button danger htmlType="submit" loading={drop.isPending}>
          {t("second_factor.turn_off")}
        </Button>
        <Button type="text" onClick={onStop}>
          {t("actions.cancel")}
        </Button>
      </div>
    </Form>
  );
}

function failureText(error: Error, t: TFunction): string {
  if (!(error instanceof ApiProblem)) return errorText(error, t);
  if (error.code === "wrong_password") return t("account.wrong_password");
  if (error.code === "wrong_code") return t("sign_in.wrong_code");
  return error.status === 429 ? throttledText(error, t) : errorText(error, t);
}
