import { useTranslation } from "react-i18next";

import type { MonitoringFigures } from "@/api/types";
import { Panel } from "@/components/Panel";
import { ReliabilityDiagram } from "@/components/ReliabilityDiagram";

import { intervalText, shareText } from "../words";

import styles from "./monitoring.module.css";

/** Per bin: what the model said of itself, and how often that was right. */
export function Calibration({ figures: { bins } }: { figures: MonitoringFigures }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("monitoring.calibration")} text={t("monitoring.calibration_text")}>
      <div className={styles.calibration}>
        <ReliabilityDiagram
          points={bins.map(({ mean_probability, right }) => ({
            stated: mean_probability,
            right: right.value ?? 0,
            low: right.low,
            high: right.high,
          }))}
        />
        <table className={styles.table} data-testid="calibration">
          <thead>
            <tr>
              <th scope="col">{t("monitoring.said")}</th>
              <th scope="col">{t("monitoring.mean")}</th>
              <th scope="col">{t("monitoring.was_right")}</th>
            </tr>
          </thead>
          <tbody>
            {bins.map(({ low, high, mean_probability: mean, right }) => (
              <tr key={low}>
                <th scope="row">{`${Math.round(low * 100)}–${Math.round(high * 100)} %`}</th>
                <td>{`${Math.round(mean * 100)} %`}</td>
                <td>
                  {shareText(right)}
                  <small>{intervalText(right)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
