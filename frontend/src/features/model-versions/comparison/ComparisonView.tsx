import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Comparison, May, ModelVersionBrief } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { SyntheticTag } from "@/components/SyntheticTag";
import { formatMoment } from "@/lib/format";

import { modelCardQuery } from "../api";
import { ActivateDialog } from "../components/DecisionDialogs";
import { StateBadge } from "../components/StateBadge";

import { isOpen } from "./api";
import { Cases } from "./Cases";
import styles from "./Comparison.module.css";
import { Confusion } from "./Confusion";
import { Course } from "./Course";
import { Figures } from "./Figures";
import { Shifts } from "./Shifts";

/** A candidate beside the version that answered: how often and where they differ, how far, and how fast. */
export function ComparisonView({ comparison, may }: { comparison: Comparison; may: May }) {
  const { t } = useTranslation();
  const { counts } = comparison;
  return (
    <div className={styles.page} data-testid="comparison" data-state={comparison.state}>
      <Header comparison={comparison} manage={may.manage_models} />
      <Course comparison={comparison} manage={may.manage_models} />
      <Figures comparison={comparison} />
      <p className={styles.truth}>
        {t(comparison.outcome ? "models.comparison.some_truth" : "models.comparison.no_truth")}
      </p>
      <div className={styles.charts}>
        <section aria-labelledby="confusion">
          <h2 id="confusion">
            {t("models.comparison.confusion")}{" "}
            <InlineHelp label={t("actions.what")} title={t("models.comparison.confusion")}>
              {t("models.comparison.confusion_explained")}
            </InlineHelp>
          </h2>
          <Confusion confusion={comparison.confusion} />
        </section>
        <section aria-labelledby="shift">
          <h2 id="shift">
            {t("models.comparison.shift")}{" "}
            <InlineHelp label={t("actions.what")} title={t("models.comparison.shift")}>
              {t("models.comparison.shift_explained")}
            </InlineHelp>
          </h2>
          <Shifts shift={comparison.shift} />
        </section>
      </div>
      {counts.done + counts.failed > 0 && <Cases comparison={comparison} />}
    </div>
  );
}

function Header({ comparison, manage }: { comparison: Comparison; manage: boolean }) {
  const { t, i18n } = useTranslation();
  const { candidate, baseline, modality, requested_by: by, created_at: created } = comparison;
  const [activating, setActivating] = useState(false);
  const state = useQuery(modelCardQuery(candidate.id)).data?.state;
  return (
    <header className={styles.header}>
      <div>
        <h1>{t("models.comparison.title", { name: candidate.name })}</h1>
        <p className={styles.sides}>
          <span className={styles.side}>
            {t("models.comparison.answered_by")}{" "}
            {baseline ? <Version {...baseline} /> : t("models.comparison.several")}
          </span>
          <span className={styles.side}>
            {t("models.comparison.candidate")} <Version {...candidate} />
          </span>
        </p>
        <p className={styles.quiet}>
          {t(`modalities.${modality}.long`)} · {formatMoment(created, i18n.language)} ·{" "}
          {by ?? t("models.history.system")} · <q>{comparison.reason}</q>
        </p>
      </div>
      {state && state !== "checked" && <StateBadge state={state} />}
      {manage && state === "checked" && !isOpen(comparison) && (
        <Button
          type="primary"
          onClick={() => {
            setActivating(true);
          }}
        >
          {t("models.comparison.activate")}
        </Button>
      )}
      {activating && (
        <ActivateDialog
          version={{ ...candidate, modality }}
          onClose={() => {
            setActivating(false);
          }}
        />
      )}
    </header>
  );
}

function Version({ id, name, synthetic }: ModelVersionBrief) {
  return (
    <>
      <Link to={`/models/${id}`}>{name}</Link> {synthetic && <SyntheticTag />}
    </>
  );
}
