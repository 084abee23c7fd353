import { useTranslation } from "react-i18next";

import type { Comparison } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { CLASS_NAMES } from "@/lib/taxonomy";

import styles from "./Comparison.module.css";

/** Cases by what was answered (rows) and what the candidate answers (columns). */
export function Confusion({ confusion }: Pick<Comparison, "confusion">) {
  const { t } = useTranslation();
  const most = Math.max(1, ...CLASS_NAMES.flatMap((row) => Object.values(confusion[row])));
  return (
    <table className={styles.confusion}>
      <thead>
        <tr>
          <td rowSpan={2} className={styles.axis}>
            {t("models.comparison.answered")}
          </td>
          <th colSpan={CLASS_NAMES.length} scope="colgroup" className={styles.axis}>
            {t("models.comparison.candidate_says")}
          </th>
        </tr>
        <tr>
          {CLASS_NAMES.map((column) => (
            <th key={column} scope="col">
              <ClassGlyph name={column} /> {t(`classes.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {CLASS_NAMES.map((row) => (
          <tr key={row}>
            <th scope="row">
              <ClassGlyph name={row} /> {t(`classes.${row}`)}
            </th>
            {CLASS_NAMES.map((column) => (
              <td
                key={column}
                data-same={row === column || undefined}
                data-none={confusion[row][column] === 0 || undefined}
              >
                <span
                  className={styles.weight}
                  style={{ opacity: 0.12 + 0.4 * (confusion[row][column] / most) }}
                  aria-hidden
                />
                <span className={styles.count}>{confusion[row][column]}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
