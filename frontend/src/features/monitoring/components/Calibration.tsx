import { useTranslation } from "react-i18next";

import type { MonitoringFigures } from "@/api/types";
import { Panel } from "@/components/Panel";

import { intervalText, shareText } from "../words";

import styles from "./monitoring.module.css";

const SIZE = 200;
const at = (value: number) => value * SIZE;

/** Per bin: what the model said of itself, and how often that was right. */
export function Calibration({ figures: { bins } }: { figures: MonitoringFigures }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("monitoring.calibration")} text={t("monitoring.calibration_text")}>
      <div className={styles.calibration}>
        <Diagram bins={bins} />
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

/** Probability to the right, share of right answers upwards; on the diagonal the two are equal. */
function Diagram({ bins }: Pick<MonitoringFigures, "bins">) {
  return (
    <svg
      className={styles.diagram}
      viewBox={`-6 -6 ${SIZE + 12} ${SIZE + 12}`}
      width={SIZE}
      height={SIZE}
      aria-hidden
    >
      <rect width={SIZE} height={SIZE} className={styles.frame} />
      <path d={`M0 ${SIZE}L${SIZE} 0`} className={styles.ideal} />
      {bins.map(({ low, mean_probability: mean, right }) => (
        <g key={low}>
          <path
            className={styles.whisker}
            d={`M${at(mean)} ${SIZE - at(right.low ?? 0)}V${SIZE - at(right.high ?? 0)}`}
          />
          <circle cx={at(mean)} cy={SIZE - at(right.value ?? 0)} r={4} className={styles.dot} />
        </g>
      ))}
    </svg>
  );
}
