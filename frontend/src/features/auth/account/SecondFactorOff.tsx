import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";

import { secondFactorStart } from "../api";

import styles from "./account.module.css";

const SecondFactorSetup = lazy(() => import("./SecondFactorSetup"));

interface SecondFactorOffProps {
  required: boolean;
  /** With the recovery codes, once it is on. */
  onOn: (codes: string[]) => void;
}

export function SecondFactorOff({ required, onOn }: SecondFactorOffProps) {
  const { t } = useTranslation();
  const start = useMutation({ mutationFn: secondFactorStart });
  if (start.data) {
    return (
      <Suspense>
        <SecondFactorSetup
          begun={start.data}
          onOn={onOn}
          onAnew={start.mutate}
          onStop={start.reset}
        />
      </Suspense>
    );
  }
  return (
    <>
      <p className={styles.lead}>{t(required ? "second_factor.required" : "second_factor.off")}</p>
      {start.error && <Alert type="error" showIcon title={errorText(start.error, t)} />}
      <div className={styles.actions}>
        <Button
          type={required ? "primary" : "default"}
          loading={start.isPending}
          onClick={() => {
            start.mutate();
          }}
        >
          {t("second_factor.begin")}
        </Button>
      </div>
    </>
  );
}
