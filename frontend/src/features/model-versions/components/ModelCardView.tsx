import { useTranslation } from "react-i18next";

import type { ModelCard } from "@/api/types";
import { formatBytes, formatMoment } from "@/lib/format";

import { asFigure, asSet, flatten } from "../metrics";

import { CalibrationFigures } from "./CalibrationFigures";
import { CardSection, type Field } from "./CardSection";
import { ClassScores } from "./ClassScores";
import { FusionFigures } from "./FusionFigures";
import { MapAudit } from "./MapAudit";
import styles from "./ModelCardView.module.css";

/** What a version is, how it was made, what was measured, and what it must not be used for. */
export function ModelCardView({ card }: { card: ModelCard }) {
  const { t } = useTranslation();
  return (
    <article className={styles.card} data-testid="model-card">
      <section className={styles.use}>
        <h2>{t("models.section.use")}</h2>
        <p>{card.intended_use}</p>
        <ul>
          {card.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
        <p>
          <strong>{t("research_use")}</strong>
        </p>
      </section>
      <section className={styles.section}>
        <h2>{t("models.section.results")}</h2>
        {card.class_scores.length > 0 ? (
          <ClassScores scores={card.class_scores} />
        ) : (
          <p className={styles.quiet}>{t("models.no_scores")}</p>
        )}
        {card.fusion ? (
          <FusionFigures fusion={card.fusion} />
        ) : (
          <>
            <CalibrationFigures card={card} />
            <MapAudit audit={card.map_audit} />
          </>
        )}
        <details className={styles.more}>
          <summary>{t("models.section.figures")}</summary>
          <CardSection fields={flatten(card.metrics, asFigure)} empty={t("models.no_metrics")} />
        </details>
      </section>
      <CardSection title={t("models.section.training")} fields={useTraining(card)} />
      <CardSection title={t("models.section.what")} fields={useFacts(card)} />
      <details className={styles.more}>
        <summary>{t("models.section.settings")}</summary>
        <CardSection fields={flatten(card.config, asSet)} />
      </details>
      <CardSection title={t("models.section.file")} fields={useFile(card)} />
    </article>
  );
}

function useFacts(card: ModelCard): Field[] {
  const { t } = useTranslation();
  return [
    { name: t("models.field.architecture"), value: card.architecture },
    ...(card.input_size
      ? [{ name: t("models.field.input_size"), value: `${card.input_size} × ${card.input_size}` }]
      : []),
    { name: t("models.field.classes"), value: card.class_names.join(", ") },
    { name: t("models.field.licence"), value: card.licence },
  ];
}

function useTraining(card: ModelCard): Field[] {
  const { t, i18n } = useTranslation();
  return [
    { name: t("models.field.dataset"), value: card.dataset_fingerprint, code: true },
    { name: t("models.field.split"), value: card.split_protocol },
    { name: t("models.field.created"), value: formatMoment(card.trained_at, i18n.language) },
    { name: t("models.field.preprocessing"), value: card.preprocessing_version },
    { name: t("models.field.seed"), value: String(card.seed) },
    { name: t("models.field.commit"), value: card.training_commit, code: true },
  ];
}

function useFile(card: ModelCard): Field[] {
  const { t } = useTranslation();
  return [
    {
      name: t("models.field.dtype"),
      value: `${card.storage_dtype} · ${formatBytes(card.file_bytes)}`,
    },
    { name: t("models.field.tensors"), value: card.tensor_sha256, code: true },
    { name: t("models.field.file"), value: card.file_sha256, code: true },
  ];
}
