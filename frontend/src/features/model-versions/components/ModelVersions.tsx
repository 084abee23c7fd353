import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { ModelVersion } from "@/api/types";
import { ModalityGlyph } from "@/components/ModalityGlyph";
import { SyntheticTag } from "@/components/SyntheticTag";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { modelVersionsQuery } from "../api";

import styles from "./ModelVersions.module.css";

/** The versions by kind of image; the active one first. */
export function ModelVersions() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(modelVersionsQuery);
  if (isPending) return <Skeleton active paragraph={{ rows: 8 }} />;
  if (error) {
    return (
      <Alert
        type="error"
        showIcon
        title={t("models.failed")}
        description={errorText(error, t)}
        action={<Button onClick={() => void refetch()}>{t("actions.retry")}</Button>}
      />
    );
  }
  return (
    <div className={styles.groups}>
      {MODALITIES.map((modality) => (
        <Group
          key={modality}
          modality={modality}
          versions={data.filter((version) => version.modality === modality)}
        />
      ))}
    </div>
  );
}

function Group({ modality, versions }: { modality: Modality; versions: ModelVersion[] }) {
  const { t } = useTranslation();
  const active = versions.find((version) => version.state === "active");
  const others = versions.filter((version) => version !== active);
  return (
    <section className={styles.group}>
      <header>
        <ModalityGlyph modality={modality} />
        <h2>{t(`modalities.${modality}.long`)}</h2>
      </header>
      {active ? (
        <Version version={active} />
      ) : (
        <p className={styles.none}>
          {t("models.none", { modality: t(`modalities.${modality}.name`) })}
        </p>
      )}
      {others.map((version) => (
        <Version key={version.id} version={version} />
      ))}
    </section>
  );
}

function Version({ version }: { version: ModelVersion }) {
  const { t, i18n } = useTranslation();
  const active = version.state === "active";
  return (
    <article className={styles.version} data-active={active || undefined}>
      <h3>
        <Link to={`/models/${version.id}`}>{version.name}</Link>
        {version.synthetic && <SyntheticTag />}
      </h3>
      <p>
        {version.architecture} · {version.input_size} × {version.input_size}
      </p>
      <p>
        <strong>{t(active ? "models.active" : "models.inactive")}</strong>
        {" · "}
        {formatMoment(version.activated_at ?? version.created_at, i18n.language)}
      </p>
    </article>
  );
}
