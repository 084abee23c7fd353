import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Answering } from "@/api/types";
import { ModalityGlyph } from "@/components/ModalityGlyph";
import { SyntheticTag } from "@/components/SyntheticTag";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";
import { VERSION_MODALITIES, type VersionModality } from "@/lib/taxonomy";

import { answeringQuery } from "../api";
import { localNow, momentOf } from "../moments";

import styles from "./AnsweringNow.module.css";

/** Which version answers for each kind of image, now or at a moment that one asks for. */
export function AnsweringNow() {
  const { t, i18n } = useTranslation();
  const [chosen, setChosen] = useState("");
  const at = momentOf(chosen);
  const { data, error, isPlaceholderData, refetch } = useQuery(answeringQuery(at));
  return (
    <section aria-labelledby="answering" data-testid="answering">
      <div className={styles.head}>
        <h2 id="answering" aria-live="polite">
          {at
            ? t("models.answering.then", { when: formatMoment(at, i18n.language) })
            : t("models.answering.now")}
        </h2>
        <label className={styles.moment}>
          {t("models.answering.ask")}
          <Input
            type="datetime-local"
            max={localNow()}
            value={chosen}
            onChange={(event) => {
              setChosen(event.target.value);
            }}
          />
        </label>
        {at && (
          <Button
            type="text"
            onClick={() => {
              setChosen("");
            }}
          >
            {t("models.answering.back")}
          </Button>
        )}
      </div>
      {error && (
        <Alert
          type="error"
          showIcon
          title={t("models.failed")}
          description={errorText(error, t)}
          action={<Button onClick={() => void refetch()}>{t("actions.retry")}</Button>}
        />
      )}
      {!error && (
        <div className={styles.kinds} aria-busy={!data || isPlaceholderData}>
          {VERSION_MODALITIES.map((modality) => (
            <Kind key={modality} modality={modality} answering={data} past={at !== null} />
          ))}
        </div>
      )}
    </section>
  );
}

interface KindProps {
  modality: VersionModality;
  answering: Answering | undefined;
  past: boolean;
}

function Kind({ modality, answering, past }: KindProps) {
  const { t, i18n } = useTranslation();
  const version = answering?.versions[modality];
  const name = t(`modalities.${modality}.name`);
  return (
    <article className={styles.kind} data-testid={`answering-${modality}`}>
      <header>
        <ModalityGlyph modality={modality} />
        <h3>{t(`modalities.${modality}.long`)}</h3>
      </header>
      {version && (
        <>
          <p className={styles.name}>
            <Link to={`/models/${version.id}`}>{version.name}</Link>
            {version.synthetic && <SyntheticTag />}
          </p>
          <p className={styles.quiet}>
            {t("models.answering.since", { when: formatMoment(version.since, i18n.language) })}
          </p>
          {version.reason && <p className={styles.reason}>“{version.reason}”</p>}
        </>
      )}
      {answering && !version && (
        <p className={past || modality === "fusion" ? styles.quiet : styles.none}>
          {t(nobody(modality, past), { modality: name })}
        </p>
      )}
    </article>
  );
}

/** Without a fusion there is an answer all the same; without a modality's version its images have none. */
function nobody(modality: VersionModality, past: boolean) {
  if (modality === "fusion") {
    return past ? "models.answering.none_fusion_then" : "models.answering.none_fusion";
  }
  return past ? "models.answering.none_then" : "models.answering.none";
}
