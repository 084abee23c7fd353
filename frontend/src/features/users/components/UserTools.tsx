import { Select } from "antd";
import { useTranslation } from "react-i18next";

import type { Role } from "@/api/types";
import { SearchField } from "@/components/SearchField";
import { ROLES } from "@/lib/roles";

import type { UserFilter } from "../api";

import styles from "./users.module.css";

interface UserToolsProps {
  filter: UserFilter;
  onChange: (filter: UserFilter) => void;
}

/** Narrows the list: a part of the name, a role, active or not. */
export function UserTools({ filter, onChange }: UserToolsProps) {
  const { t } = useTranslation();
  const roles = ROLES.map((role) => ({ value: role as string, label: t(`roles.${role}.name`) }));
  return (
    <div className={styles.tools} role="search">
      <SearchField
        className={styles.search}
        label={t("users.search")}
        value={filter.username}
        onSearch={(username) => {
          onChange({ ...filter, username });
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
