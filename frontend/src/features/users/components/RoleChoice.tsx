import { Radio } from "antd";
import { useTranslation } from "react-i18next";

import { ROLES } from "@/lib/roles";

import styles from "./users.module.css";

interface RoleChoiceProps {
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

/** One role, with what it may do; a form field. */
export function RoleChoice({ id, value, onChange }: RoleChoiceProps) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      id={id}
      className={styles.roles}
      value={value}
      onChange={(event) => onChange?.(String(event.target.value))}
    >
      {ROLES.map((role) => (
        <Radio key={role} value={role}>
          <span className={styles.roleName}>{t(`roles.${role}.name`)}</span>
          <span className={styles.quiet}>{t(`roles.${role}.may`)}</span>
        </Radio>
      ))}
    </Radio.Group>
  );
}
