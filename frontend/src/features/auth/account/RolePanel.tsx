import { useTranslation } from "react-i18next";

import type { SessionUser } from "@/api/types";
import { Panel } from "@/components/Panel";
import { roleOf } from "@/lib/roles";

import styles from "./account.module.css";

/** What the account may do here. */
export function RolePanel({ user }: { user: SessionUser }) {
  const { t } = useTranslation();
  const role = roleOf(user);
  return (
    <Panel title={t("account.role_title")}>
      <p className={styles.role}>
        <strong>{t(`roles.${role}.name`)}</strong>
        <span>{t(`roles.${role}.may`)}</span>
      </p>
    </Panel>
  );
}
