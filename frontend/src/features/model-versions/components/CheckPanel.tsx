import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleFilled,
  LoadingOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { CheckFinding, ModelCard, ModelCheck } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { formatMoment } from "@/lib/format";

import { findingsShown, findingTitle, measuredText } from "../findings";

import styles from "./CheckPanel.module.css";

/** What the check of a version found, live; what is missing blocks activation. */
export function CheckPanel({ card }: { card: ModelCard }) {
  const { t } = useTranslation();
  const { check } = card;
  return (
    <section className={styles.panel} aria-labelledby="check" data-testid="check">
      <h2 id="check">
        {t("models.check_panel.title")}{" "}
        <InlineHelp label={t("actions.what")} title={t("models.check_panel.title")}>
          {t("models.check_panel.explained")}
        </InlineHelp>
      </h2>
      {check ? (
        <Found check={check} modality={card.modality} />
      ) : (
        <p>{t("models.check_panel.none")}</p>
      )}
    </section>
  );
}

function Found({ check, modality }: { check: ModelCheck; modality: ModelCard["modality"] }) {
  const { t, i18n } = useTranslation();
  const state = check.state ?? "waiting";
  const failed = check.findings.filter((finding) => finding.blocking && !finding.passed).length;
  return (
    <>
      <p className={styles.state} data-state={state} role="status" data-testid="check-state">
        {state === "waiting" && <ClockCircleOutlined />}
        {state === "running" && <LoadingOutlined />}
        {state === "passed" && <CheckCircleOutlined />}
        {state === "failed" && <CloseCircleFilled />}{" "}
        {t(`models.check_panel.${state}`, { count: failed })}
        {check.finished_at && <time>{formatMoment(check.finished_at, i18n.language)}</time>}
      </p>
      <ul className={styles.findings}>
        {findingsShown(check, modality).map((finding) => (
          <Finding key={finding.code} {...finding} />
        ))}
      </ul>
    </>
  );
}

function Finding(finding: Partial<CheckFinding> & { code: string }) {
  const { t, i18n } = useTranslation();
  const { code, passed, blocking, detail, measured = null } = finding;
  // The server's sentence is English: in another language the title says enough of what went well.
  const told = detail && (i18n.language === "en" || passed === false);
  const outcome = passed === undefined ? "open" : passed ? "passed" : blocking ? "failed" : "noted";
  return (
    <li data-outcome={outcome} data-code={code}>
      <span className={styles.sign}>
        {outcome === "open" && <span className={styles.dot} />}
        {outcome === "passed" && <CheckCircleOutlined />}
        {outcome === "failed" && <CloseCircleFilled />}
        {outcome === "noted" && <WarningOutlined />}
        <span className="visually-hidden">{t(`models.outcome.${outcome}`)}</span>
      </span>
      <div className={styles.finding}>
        <strong>{findingTitle(code, t)}</strong>
        <span className={styles.measured}>{measuredText({ code, measured })}</span>
        {told && <p lang="en">{detail}</p>}
        {outcome === "failed" && <em>{t("models.outcome.blocks")}</em>}
      </div>
    </li>
  );
}
