import type { TableColumnsType } from "antd";
import type { TFunction } from "i18next";

import type { User } from "@/api/types";
import { formatMoment } from "@/lib/format";
import { roleOf } from "@/lib/roles";

import styles from "./users.module.css";

/** The columns of the list of accounts, but for what can be done. */
export function userColumns(t: TFunction, language: string, self: string): TableColumnsType<User> {
  return [
    {
      key: "name",
      title: t("users.column.name"),
      render: (_, user) => (
        <span className={styles.name}>
          <strong>
            {user.username}
            {user.id === self && <span className={styles.you}>({t("users.you")})</span>}
          </strong>
          {user.email && <span className={styles.quiet}>{user.email}</span>}
        </span>
      ),
    },
    {
      key: "role",
      className: styles.short,
      title: t("users.column.role"),
      render: (_, user) => t(`roles.${roleOf(user)}.name`),
    },
    {
      key: "state",
      className: styles.short,
      title: t("users.column.state"),
      render: (_, user) => <State user={user} t={t} />,
    },
    {
      key: "factor",
      className: styles.short,
      title: t("users.column.factor"),
      render: (_, { second_factor_enabled: on }) => (
        <span className={on ? undefined : styles.quiet}>
          {t(on ? "users.factor_on" : "users.factor_off")}
        </span>
      ),
    },
    {
      key: "last",
      className: styles.short,
      title: t("users.column.last"),
      render: (_, { last_login: at }) =>
        at ? (
          <span className={styles.number}>{formatMoment(at, language)}</span>
        ) : (
          <span className={styles.quiet}>{t("users.never")}</span>
        ),
    },
  ];
}

function State({ user, t }: { user: User; t: TFunction }) {
  if (!user.is_active) return <span className={styles.quiet}>{t("users.inactive")}</span>;
  if (!user.has_password) return <span className={styles.warn}>{t("users.invited")}</span>;
  return t("users.active");
}
