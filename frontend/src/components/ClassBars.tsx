import { useTranslation } from "react-i18next";

import { formatPercent } from "@/lib/format";
import { CLASS_NAMES, topClass, type ClassName, type Probabilities } from "@/lib/taxonomy";

import styles from "./ClassBars.module.css";
import { ClassGlyph } from "./ClassGlyph";

/** 0..1. */
interface Range {
  low: number;
  high: number;
}

interface ClassBarsProps {
  /** Null while there is no answer yet: the same boxes, empty. */
  probabilities: Probabilities | null;
  label: string;
  /** Of an ensemble's members: what each class's bar may be said to lie between. */
  spread?: Record<ClassName, Range> | null;
  /** True while an answer may still come; without one, null means that there is none. */
  waiting?: boolean;
  /** Side by side instead of one below the other. */
  row?: boolean;
}

/** Three probabilities as bars with their numbers, in the order of the classes. */
export function ClassBars(props: ClassBarsProps) {
  const { probabilities, label, spread = null, waiting = false, row = false } = props;
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
          <span className={styles.place}>
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
            {spread && <Whisker range={spread[name]} />}
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

/** A thin line from the lowest to the highest; its numbers for those who don't see it. */
function Whisker({ range: { low, high } }: { range: Range }) {
  const { t, i18n } = useTranslation();
  const words = {
    low: formatPercent(low, i18n.language),
    high: formatPercent(high, i18n.language),
  };
  return (
    <>
      <span
        className={styles.whisker}
        style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }}
        data-testid="whisker"
        aria-hidden
      />
      <span className="visually-hidden">{t("result.spread.range", words)}</span>
    </>
  );
}
