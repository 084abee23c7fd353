import { CheckCircleOutlined, CloseCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { AuditPart, ModelCard } from "@/api/types";

import styles from "./MapAudit.module.css";

/** Whether the maps show what the model uses: one question a line, with its answer and the figure behind it. */
export function MapAudit({ audit }: { audit: ModelCard["map_audit"] }) {
  const { t } = useTranslation();
  return (
    <section className={styles.audit} data-testid="map-audit">
      <h3>{t("models.map_audit.title")}</h3>
      {audit ? (
        <>
          <p>
            {t(audit.synthetic ? "models.map_audit.on_synthetic" : "models.map_audit.on", {
              count: audit.images,
            })}{" "}
            <span lang="en" className={styles.quiet}>
              {audit.source}
            </span>
          </p>
          <ul>
            {audit.parts.map((part) => (
              <Part key={part.name} part={part} />
            ))}
          </ul>
          {audit.caveat && <p>{t("models.map_audit.caveat")}</p>}
        </>
      ) : (
        <p>{t("models.map_audit.none")}</p>
      )}
    </section>
  );
}

function Part({ part }: { part: AuditPart }) {
  const { t } = useTranslation();
  const { name, verdict, reason } = part;
  const few = verdict === "not_measured" && reason === null;
  return (
    <li data-verdict={verdict}>
      <span className={styles.sign} aria-hidden>
        {verdict === "passed" && <CheckCircleOutlined />}
        {verdict === "failed" && <CloseCircleFilled />}
        {verdict === "not_measured" && <MinusCircleOutlined />}
      </span>
      <div>
        <strong>
          {t(`models.map_audit.statement.${name}`)}{" "}
          {t(`models.map_audit.answer.${few ? "few" : verdict}`)}
        </strong>
        <p>{partDetail(part, t)}</p>
      </div>
    </li>
  );
}

// The figure that decides, and what it is shown in.
const DECIDING = {
  randomisation: { figure: "rank_correlation_all", scale: 1, digits: 2 },
  curves: { figure: "gain", scale: 100, digits: 1 },
  occlusion: { figure: "rank_correlation", scale: 1, digits: 2 },
  planted_text: { figure: "probability_change", scale: 100, digits: 1 },
} as const;

function partDetail({ name, figures }: AuditPart, t: TFunction): string {
  const { figure, scale, digits } = DECIDING[name];
  const found = figures[figure];
  if (!found) return t(`models.map_audit.without.${name}`);
  const shown = (value: number) => (value * scale).toFixed(digits).replace("-", "−");
  return t(`models.map_audit.detail.${name}`, {
    value: shown(found.value),
    low: shown(found.low),
    high: shown(found.high),
  });
}
