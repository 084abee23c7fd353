import { useTranslation } from "react-i18next";

import { formatPercent } from "@/lib/format";
import { CLASS_NAMES, topClass, type Probabilities } from "@/lib/taxonomy";

import styles from "./ClassBars.module.css";
import { ClassGlyph } from "./ClassGlyph";

interface ClassBarsProps {
  /** Null while there is no answer yet: the same boxes, empty. */
  probabilities: Probabilities | null;
  label: string;
  /** True while an answer may still come; without one, null means that there is none. */
  waiting?: boolean;
  /** Side by side instead of one below the other. */
  row?: boolean;
}

/** Three probabilities as bars with their numbers, in the order of the classes. */
export function ClassBars({ probabilities, label, waiting = false, row = false }: ClassBarsProps) {
  const { t, i18n } = useTranslation();
  const top = probabilities && topClass(probabilities);
  return (
    <ul className={styles.bars} aria-label={label} aria-busy={waiting} data-row={row || undefined}>
      {CLASS_NAMES.map((name) => (
        <li key={name} data-top={name === top || undefined}>
          <span className={styles.name}>
            <ClassGlyph name={name} />
            {t(`classes.${name}`)}
          </span>
          <span className={styles.track} data-waiting={waiting || undefined}>
            {probabilities && (
              <span
                className={styles.fill}
                style={{
                  width: `${Math.max(1, probabilities[name] * 100)}%`,
                  background: `var(--${name})`,
                }}
              />
            )}
          </span>
          <span className={styles.number}>
            {probabilities && formatPercent(probabilities[name], i18n.language)}
            {!probabilities && !waiting && "–"}
          </span>
        </li>
      ))}
    </ul>
  );
}
