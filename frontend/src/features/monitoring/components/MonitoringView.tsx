import { Alert } from "antd";
import { useTranslation } from "react-i18next";

import type { Monitoring } from "@/api/types";
import { Panel } from "@/components/Panel";

import { Calibration } from "./Calibration";
import { Confusion } from "./Confusion";
import { FiguresTable } from "./FiguresTable";
import styles from "./monitoring.module.css";
import { Summary } from "./Summary";

/** The figures of the cases, then by version and by month; or plainly what is missing for them. */
export function MonitoringView({ shown }: { shown: Monitoring }) {
  const { t } = useTranslation();
  const { cases } = shown;
  return (
    <div className={styles.stack} data-testid="monitoring">
      <Summary shown={shown} />
      {cases.with_truth === 0 && (
        <Alert
          type="info"
          showIcon
          title={t("monitoring.no_truth_title")}
          description={t("monitoring.no_truth_text")}
        />
      )}
      {cases.with_truth > 0 && (
        <div className={styles.pair}>
          <Confusion figures={cases} />
          <Calibration figures={cases} />
        </div>
      )}
      {shown.by_version.length > 0 && (
        <Panel title={t("monitoring.by_version")} text={t("monitoring.by_version_text")}>
          <FiguresTable
            first={t("monitoring.version")}
            rows={shown.by_version.map(({ version, modality, figures }) => ({
              key: version.id,
              name: `${version.name} · ${t(`modalities.${modality}.name`)}`,
              figures,
            }))}
          />
        </Panel>
      )}
      {shown.by_month.length > 0 && (
        <Panel title={t("monitoring.by_month")} text={t("monitoring.by_month_text")}>
          <FiguresTable
            first={t("monitoring.month")}
            rows={shown.by_month.map(({ month, figures }) => ({
              key: month,
              name: month,
              figures,
            }))}
          />
        </Panel>
      )}
    </div>
  );
}
