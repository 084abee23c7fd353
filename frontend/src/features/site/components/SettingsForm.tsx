import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { sessionQuery } from "@/api/session";
import type { SettingsShown, SettingsValues } from "@/api/types";
import { errorText } from "@/lib/errorText";

import { settingsKey, settingsSave } from "../api";

import {
  AccessPanel,
  FirstReadPanel,
  GatePanel,
  ImagesPanel,
  LanguagePanel,
  RetentionPanel,
  TrustPanel,
} from "./fields";
import styles from "./site.module.css";

/** One form, one button: what differs from the settings in force is sent. */
export function SettingsForm({ shown }: { shown: SettingsShown }) {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const [form] = Form.useForm<SettingsValues>();
  const [changed, setChanged] = useState<Partial<SettingsValues>>({});
  const save = useSave(() => {
    setChanged({});
  });
  function send() {
    const days = changed.retention_days;
    if (!days || !isShorter(days, shown.settings.retention_days)) return save.mutate(changed);
    void modal.confirm({
      title: t("site.retention.confirm_title", { count: days }),
      content: t("site.retention.confirm_text", { count: days }),
      okText: t("site.retention.confirm"),
      okButtonProps: { danger: true },
      cancelText: t("actions.cancel"),
      onOk: () => {
        save.mutate(changed);
      },
    });
  }
  return (
    <Form<SettingsValues>
      form={form}
      name="site"
      layout="vertical"
      requiredMark={false}
      className={styles.stack}
      initialValues={shown.settings}
      disabled={save.isPending}
      onValuesChange={(_, values) => {
        setChanged(differences(shown.settings, values));
      }}
      onFinish={send}
    >
      <FirstReadPanel />
      <TrustPanel />
      <GatePanel />
      <AccessPanel bounds={shown.bounds} />
      <ImagesPanel bounds={shown.bounds} />
      <RetentionPanel bounds={shown.bounds} />
      <LanguagePanel />
      {save.error && <Alert type="error" showIcon role="alert" title={errorText(save.error, t)} />}
      <div className={styles.actions}>
        <Button
          type="primary"
          htmlType="submit"
          loading={save.isPending}
          disabled={Object.keys(changed).length === 0}
        >
          {t("site.save")}
        </Button>
      </div>
    </Form>
  );
}

function useSave(onSaved: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  return useMutation({
    mutationFn: settingsSave,
    onSuccess: (shown) => {
      client.setQueryData(settingsKey, shown);
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onSaved();
      void message.success(t("site.saved"));
    },
  });
}

const isShorter = (days: number, before: number) => before === 0 || days < before;

function differences(before: SettingsValues, now: SettingsValues): Partial<SettingsValues> {
  const entries = Object.entries(now) as [keyof SettingsValues, unknown][];
  return Object.fromEntries(
    entries.filter(([name, value]) => value !== null && value !== before[name]),
  );
}
