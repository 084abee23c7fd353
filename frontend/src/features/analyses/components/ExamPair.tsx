import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Analysis, Prediction } from "@/api/types";
import { ClassBars } from "@/components/ClassBars";
import { ClassDifferenceRows } from "@/components/ClassDifferenceRows";
import { formatMoment } from "@/lib/format";
import { MODALITIES, topClass, type Modality } from "@/lib/taxonomy";

import { absenceOf } from "../absence";

import styles from "./ExamPair.module.css";

/** Two exams of one case, the earlier one first: both answers, what changed, and the images beside each other. */
export function ExamPair({ exams }: { exams: [Analysis, Analysis] }) {
  const { t } = useTranslation();
  const [before, after] = [...exams].sort((a, b) => a.created_at.localeCompare(b.created_at));
  if (!before || !after) return null;
  const synthetic = exams.some(({ predictions }) =>
    predictions.some((one) => one.model_version?.synthetic),
  );
  const sides = [before, after];
  const shown = MODALITIES.filter((name) => sides.some((exam) => of(exam, name)));
  return (
    <div className={styles.pair} data-testid="exam-pair">
      <Differences before={before} after={after} />
      <p className={styles.note}>
        <strong>{t("research_use")}</strong> {synthetic && t("synthetic_answer")}
        <br />
        {t("exams.caution")}
      </p>
      {shown.map((name) => (
        <section key={name} className={styles.modality} aria-label={t(`modalities.${name}.long`)}>
          <h2>{t(`modalities.${name}.long`)}</h2>
          {sides.map((exam) => (
            <Picture key={exam.id} prediction={of(exam, name)} modality={name} />
          ))}
        </section>
      ))}
    </div>
  );
}

const of = (exam: Analysis, modality: Modality) =>
  exam.predictions.find((one) => one.modality === modality);

function Differences({ before, after }: { before: Analysis; after: Analysis }) {
  const { t, i18n } = useTranslation();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <td />
          {[before, after].map((exam) => (
            <th key={exam.id} scope="col">
              <Link to={`/analyses/${exam.id}`}>
                {formatMoment(exam.created_at, i18n.language)}
              </Link>
            </th>
          ))}
          <th scope="col">{t("exams.difference")}</th>
        </tr>
      </thead>
      <tbody>
        <ClassDifferenceRows
          before={before.case_answer?.probabilities ?? null}
          after={after.case_answer?.probabilities ?? null}
        />
        <tr>
          <th scope="row">{t("exams.versions")}</th>
          {[before, after].map((exam) => (
            <td key={exam.id} className={styles.versions}>
              {exam.predictions.map((one) => one.model_version?.name ?? "–").join(" · ")}
            </td>
          ))}
          <td />
        </tr>
      </tbody>
    </table>
  );
}

interface PictureProps {
  prediction: Prediction | undefined;
  modality: Modality;
}

function Picture({ prediction, modality }: PictureProps) {
  const { t } = useTranslation();
  if (!prediction) return <p className={styles.missing}>{t("exams.no_image")}</p>;
  const top = prediction.probabilities && topClass(prediction.probabilities);
  const map = top && prediction.cams?.[top];
  const long = t(`modalities.${modality}.long`);
  // Where the image was deleted, its map is left, alone.
  const address = map ? (prediction.image ? `${map}?style=overlay` : map) : prediction.image;
  if (!address) return <p className={styles.missing}>{t(absenceOf(prediction))}</p>;
  return (
    <figure className={styles.picture}>
      <img
        src={address}
        alt={
          map
            ? t("exams.map_alt", { modality: long, className: t(`classes.${top}`) })
            : t("result.viewer.image_alt", { modality: long })
        }
        width={prediction.width}
        height={prediction.height}
      />
      <figcaption>
        <ClassBars
          probabilities={prediction.probabilities}
          label={t("result.image.probabilities", { modality: long })}
        />
      </figcaption>
    </figure>
  );
}
