import { useTranslation } from "react-i18next";

import type { ModelCard } from "@/api/types";
import { SyntheticTag } from "@/components/SyntheticTag";
import { formatBytes, formatMoment } from "@/lib/format";

import { asFigure, asSet, flatten } from "../metrics";

import { CardSection, type Field } from "./CardSection";
import styles from "./ModelCardView.module.css";

/** What a version is, how it was made, what was measured, and what it must not be used for. */
export function ModelCardView({ card }: { card: ModelCard }) {
  const { t } = useTranslation();
  return (
    <article className={styles.card}>
      <header className={styles.header}>
        <h1>
          {card.name}
          {card.synthetic && <SyntheticTag />}
        </h1>
        <p className={styles.quiet}>{t(`modalities.${card.modality}.long`)}</p>
        {card.synthetic && <p className={styles.synthetic}>{t("synthetic_explained")}</p>}
      </header>
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
      <CardSection title={t("models.section.what")} fields={useFacts(card)} />
      <CardSection
        title={t("models.section.results")}
        fields={flatten(card.metrics, asFigure)}
        empty={t("models.no_metrics")}
      />
      <CardSection title={t("models.section.training")} fields={useTraining(card)} />
      <details className={styles.more}>
        <summary>{t("models.section.settings")}</summary>
        <CardSection fields={flatten(card.config, asSet)} />
      </details>
      <CardSection title={t("models.section.file")} fields={useFile(card)} />
    </article>
  );
}

function useFacts(card: ModelCard): Field[] {
  const { t, i18n } = useTranslation();
  return [
    { name: t("models.field.architecture"), value: card.architecture },
    { name: t("models.field.input_size"), value: `${card.input_size} × ${card.input_size}` },
    { name: t("models.field.classes"), value: card.class_names.join(", ") },
    { name: t("models.field.licence"), value: card.licence },
    {
      name: t("models.field.activated"),
      value: card.activated_at ? formatMoment(card.activated_at, i18n.language) : "–",
    },
  ];
}

function useTraining(card: ModelCard): Field[] {
  const { t, i18n } = useTranslation();
  return [
    { name: t("models.field.created"), value: formatMoment(card.trained_at, i18n.language) },
    { name: t("models.field.dataset"), value: card.dataset_fingerprint, code: true },
    { name: t("models.field.split"), value: card.split_protocol },
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
