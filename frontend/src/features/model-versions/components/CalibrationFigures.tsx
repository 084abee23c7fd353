import { useTranslation } from "react-i18next";

import type { ModelCard } from "@/api/types";
import { ReliabilityDiagram } from "@/components/ReliabilityDiagram";
import { formatPercent } from "@/lib/format";

import styles from "./ModelCardView.module.css";
import tables from "./tables.module.css";

/** Whether the numbers can be read as such: error before and after, and the diagram behind it. */
export function CalibrationFigures({ card }: { card: ModelCard }) {
  const { t, i18n } = useTranslation();
  const figures = card.calibration_figures;
  if (!figures) {
    return (
      <p className={styles.calibration}>
        <strong>{t("models.section.calibration")}</strong> {t("models.calibration.none")}
      </p>
    );
  }
  const { before, after, bins, images, source, synthetic } = figures;
  const seen = bins.flatMap(({ confidence, accuracy, ...bin }) =>
    confidence === null || accuracy === null ? [] : [{ ...bin, confidence, accuracy }],
  );
  const percent = (value: number) => formatPercent(value, i18n.language);
  return (
    <>
      <p className={styles.calibration}>
        <strong>{t("models.section.calibration")}</strong>{" "}
        {t("models.calibration.error", {
          after: after.ece.toFixed(3),
          before: before.ece.toFixed(3),
          brier: after.brier.toFixed(3),
          brierBefore: before.brier.toFixed(3),
        })}{" "}
        {t(synthetic ? "models.calibration.on_synthetic" : "models.calibration.on", {
          count: images,
        })}{" "}
        <span lang="en" className={styles.quiet}>
          {source}
        </span>
      </p>
      <details className={styles.more}>
        <summary>{t("models.calibration.diagram")}</summary>
        <div className={styles.reliability}>
          <ReliabilityDiagram
            points={seen.map(({ confidence, accuracy }) => ({
              stated: confidence,
              right: accuracy,
            }))}
          />
          <table className={tables.table}>
            <thead>
              <tr>
                {(["stated", "mean", "right", "images"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`models.calibration.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {seen.map(({ low, high, confidence, accuracy, count }) => (
                <tr key={low}>
                  <th scope="row">{`${Math.round(low * 100)}–${Math.round(high * 100)} %`}</th>
                  <td>{percent(confidence)}</td>
                  <td>{percent(accuracy)}</td>
                  <td>{count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
