import { WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { Analysis, Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { topClass } from "@/lib/taxonomy";

import { isTerminal } from "../polling";
import { ClassSet } from "../trust/ClassSet";

import styles from "./CaseAnswer.module.css";

/** What each image says by itself, and in words when they disagree. */
export function Votes({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  if (!isTerminal(analysis.state)) return <div className={styles.votes} />; // the same line, empty
  const conflict = analysis.case_answer?.conflict ?? false;
  const answered = analysis.predictions.filter((one) => one.probabilities !== null);
  return (
    <ul className={styles.votes} aria-label={t("result.case.votes")} data-testid="votes">
      {analysis.predictions.map((prediction) => (
        <li key={prediction.id} className={styles.vote}>
          <span>{t(`modalities.${prediction.modality}.name`)}</span>
          <Vote prediction={prediction} />
        </li>
      ))}
      {conflict && (
        <li className={styles.flag}>
          <WarningOutlined />
          {t("result.case.conflict")}
          <InlineHelp label={t("actions.why")} title={t("result.case.conflict")}>
            {t(
              analysis.case_answer?.fusion_version
                ? "result.case.conflict_why_fusion"
                : "result.case.conflict_why",
            )}
          </InlineHelp>
        </li>
      )}
      {!conflict && answered.length > 1 && (
        <li className={styles.quiet}>
          {t(namedBy(answered).size === 1 ? "result.case.agree" : "result.case.lean")}
        </li>
      )}
    </ul>
  );
}

/** The classes that the images name, each once. */
function namedBy(predictions: readonly Prediction[]) {
  return new Set(
    predictions.flatMap(({ probabilities }) => (probabilities ? [topClass(probabilities)] : [])),
  );
}

function Vote({ prediction }: { prediction: Prediction }) {
  const { t } = useTranslation();
  if (!prediction.probabilities) {
    return <span className={styles.quiet}>{t("result.image.not_answered")}</span>;
  }
  const { probabilities, prediction_set: names } = prediction;
  return (
    <strong>
      <ClassSet names={names ?? [topClass(probabilities)]} probabilities={probabilities} />
    </strong>
  );
}
