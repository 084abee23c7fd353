import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Switch } from "antd";
import { useTranslation } from "react-i18next";

import { sessionQuery, useSession } from "@/api/session";
import { Panel } from "@/components/Panel";
import { errorText } from "@/lib/errorText";

import { ownFirstReadSave } from "../api";

import styles from "./site.module.css";

/** One's own choice, where the site leaves it to each user; elsewhere what the site has decided. */
export function OwnFirstRead() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { first_read: firstRead } = useSession();
  const save = useMutation({
    mutationFn: ownFirstReadSave,
    onSettled: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  if (firstRead.mode === "off") return null;
  const decided = firstRead.mode === "all";
  return (
    <Panel title={t("site.own.title")} text={t("site.own.text")}>
      <div className={styles.row}>
        <Switch
          aria-label={t("site.own.switch")}
          checked={decided || firstRead.own}
          disabled={decided}
          loading={save.isPending}
          onChange={(on) => {
            save.mutate(on);
          }}
        />
        <span aria-hidden>{t("site.own.switch")}</span>
      </div>
      {decided && <p className={styles.quiet}>{t("site.own.decided")}</p>}
      {save.error && <Alert type="error" showIcon role="alert" title={errorText(save.error, t)} />}
    </Panel>
  );
}
