import { useTranslation } from "react-i18next";

import type { Comparison } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { formatPoints } from "@/lib/format";
import { CLASS_NAMES } from "@/lib/taxonomy";

import styles from "./Comparison.module.css";
import { reachOf } from "./words";

/** How far the candidate's probabilities lie from the answered ones: mean, and from the 5th to the 95th percentile. */
export function Shifts({ shift }: Pick<Comparison, "shift">) {
  const { t } = useTranslation();
  const reach = reachOf(shift);
  const place = (difference: number) => `${(difference / reach + 1) * 50}%`;
  return (
    <table className={styles.shifts}>
      <thead>
        <tr>
          <td />
          <th scope="col">
            <span className={styles.scale}>
              <span>
                {formatPoints(-reach)} {t("models.comparison.less")}
              </span>
              <span>0</span>
              <span>
                {t("models.comparison.more")} {formatPoints(reach)}
              </span>
            </span>
          </th>
          <th scope="col">{t("models.comparison.mean")}</th>
          <th scope="col">{t("models.comparison.most_cases")}</th>
        </tr>
      </thead>
      <tbody>
        {CLASS_NAMES.map((name) => {
          const found = shift?.[name];
          return (
            <tr key={name}>
              <th scope="row">
                <ClassGlyph name={name} /> {t(`classes.${name}`)}
              </th>
              <td>
                <span className={styles.line} aria-hidden>
                  {found && (
                    <>
                      <span
                        className={styles.range}
                        style={{
                          left: place(found.p5),
                          width: `max(3px, ${((found.p95 - found.p5) / reach) * 50}%)`,
                          background: `var(--${name})`,
                        }}
                      />
                      <span className={styles.mean} style={{ left: place(found.mean) }} />
                    </>
                  )}
                </span>
              </td>
              <td>{found ? formatPoints(found.mean) : "–"}</td>
              <td>{found ? `${formatPoints(found.p5)} … ${formatPoints(found.p95)}` : "–"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
