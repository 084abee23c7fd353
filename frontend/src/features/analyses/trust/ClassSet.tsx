import { useTranslation } from "react-i18next";

import { ClassGlyph } from "@/components/ClassGlyph";
import { CLASS_NAMES, type ClassName, type Probabilities } from "@/lib/taxonomy";

import styles from "./trust.module.css";

interface ClassSetProps {
  /** Which can't be ruled out; from one that is not calibrated there is no set. */
  names: readonly ClassName[];
  probabilities: Probabilities;
  size?: number;
}

/** "metastatic or lymphoma", the more probable first; all three mean that the model cannot say. */
export function ClassSet({ names, probabilities, size = 12 }: ClassSetProps) {
  const { t } = useTranslation();
  if (names.length === CLASS_NAMES.length) return <>{t("result.set.cannot_say")}</>;
  if (names.length === 0) return <>{t("result.set.none")}</>;
  const ordered = [...names].sort((a, b) => probabilities[b] - probabilities[a]);
  return (
    <span className={styles.set}>
      {ordered.map((name, index) => (
        <span key={name} className={styles.member}>
          {index > 0 && <span className={styles.or}>{t("result.set.or")}</span>}
          <ClassGlyph name={name} size={size} />
          {t(`classes.${name}`)}
        </span>
      ))}
    </span>
  );
}
