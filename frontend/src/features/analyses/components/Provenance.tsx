import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Prediction, Timings } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { SyntheticTag } from "@/components/SyntheticTag";
import { formatDuration } from "@/lib/format";

import styles from "./ImageCard.module.css";

const ORDER = ["queued", "masking", "decode", "features", "cam", "total"] as const;

/** Which model version answered, whether it is synthetic, and how long it took. */
export function Provenance({ prediction }: { prediction: Prediction }) {
  const { t } = useTranslation();
  const { model_version: version, timings_ms: timings } = prediction;
  return (
    <p className={styles.provenance}>
      {version && (
        <span className={styles.version}>
          {t("result.image.model")}{" "}
          <Link to={`/models/${version.id}`} className={styles.link}>
            {version.name}
          </Link>
          {version.synthetic && <SyntheticTag />}
        </span>
      )}
      {timings && (
        <span className={styles.time}>
          <InlineHelp label={formatDuration(timings.total)} title={t("result.image.time_detail")}>
            <TimingList timings={timings} />
          </InlineHelp>
        </span>
      )}
    </p>
  );
}

function TimingList({ timings }: { timings: Timings }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.timings}>
      {ORDER.filter((name) => name !== "masking" || timings.masking > 0).map((name) => (
        <div key={name}>
          <dt>{t(`result.image.timings.${name}`)}</dt>
          <dd>{formatDuration(timings[name])}</dd>
        </div>
      ))}
    </dl>
  );
}
