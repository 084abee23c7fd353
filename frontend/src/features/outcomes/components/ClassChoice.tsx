import { Radio } from "antd";
import { useTranslation } from "react-i18next";

import { ClassGlyph } from "@/components/ClassGlyph";
import { CLASS_NAMES, type ClassName } from "@/lib/taxonomy";

import styles from "./outcomes.module.css";

interface ClassChoiceProps {
  label: string;
  /** Given by the form around it. */
  value?: ClassName;
  onChange?: (name: ClassName) => void;
  /** A class that is not offered. */
  without?: ClassName;
}

/** One of the classes, each with its shape. */
export function ClassChoice({ label, value, onChange, without }: ClassChoiceProps) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      aria-label={label}
      className={styles.classes}
      value={value}
      onChange={(event) => {
        onChange?.(event.target.value as ClassName);
      }}
    >
      {CLASS_NAMES.filter((name) => name !== without).map((name) => (
        <Radio.Button key={name} value={name}>
          <span className={styles.class}>
            <ClassGlyph name={name} />
            {t(`classes.${name}`)}
          </span>
        </Radio.Button>
      ))}
    </Radio.Group>
  );
}
