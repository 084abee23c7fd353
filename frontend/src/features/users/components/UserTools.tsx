import { SearchOutlined } from "@ant-design/icons";
import { Input, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Role } from "@/api/types";
import { ROLES } from "@/lib/roles";

import type { UserFilter } from "../api";

import styles from "./users.module.css";

const TYPING_MS = 250;

interface UserToolsProps {
  filter: UserFilter;
  onChange: (filter: UserFilter) => void;
}

/** Narrows the list: a part of the name, a role, active or not. */
export function UserTools({ filter, onChange }: UserToolsProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(filter.username);
  useEffect(() => {
    if (typed === filter.username) return undefined;
    const timer = setTimeout(() => {
      onChange({ ...filter, username: typed });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, filter, onChange]);
  const roles = ROLES.map((role) => ({ value: role as string, label: t(`roles.${role}.name`) }));
  return (
    <div className={styles.tools} role="search">
      <Input
        className={styles.search}
        prefix={<SearchOutlined />}
        aria-label={t("users.search")}
        placeholder={t("users.search")}
        value={typed}
        allowClear
        onChange={(event) => {
          setTyped(event.target.value.trim());
        }}
      />
      <Select
        className={styles.filter}
        aria-label={t("users.role")}
        value={filter.role ?? ""}
        options={[{ value: "", label: t("users.any_role") }, ...roles]}
        onChange={(role) => {
          onChange({ ...filter, role: role ? (role as Role) : null });
        }}
      />
      <Select
        className={styles.filter}
        aria-label={t("users.column.state")}
        value={filter.active === null ? "" : filter.active ? "active" : "inactive"}
        options={[
          { value: "", label: t("users.any_state") },
          { value: "active", label: t("users.active_only") },
          { value: "inactive", label: t("users.inactive_only") },
        ]}
        onChange={(state) => {
          onChange({ ...filter, active: state === "" ? null : state === "active" });
        }}
      />
    </div>
  );
}
