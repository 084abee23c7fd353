import { useTranslation } from "react-i18next";

import { ClassGlyph } from "@/components/ClassGlyph";
import type { ClassName } from "@/lib/taxonomy";

import styles from "./outcomes.module.css";

/** A class with its shape. */
export function ClassWord({ name }: { name: ClassName }) {
  const { t } = useTranslation();
  return (
    <span className={styles.class}>
      <ClassGlyph name={name} />
      {t(`classes.${name}`)}
    </span>
  );
}
