import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Analysis } from "@/api/types";
import { ClassBars } from "@/components/ClassBars";
import { ClassGlyph } from "@/components/ClassGlyph";
import { InlineHelp } from "@/components/InlineHelp";
import { formatPercent } from "@/lib/format";
import { topClass } from "@/lib/taxonomy";

import { isTerminal } from "../polling";
import { ClassSet } from "../trust/ClassSet";

import styles from "./CaseAnswer.module.css";
import { Progress } from "./Progress";
import { Votes } from "./Votes";

/** The answer in one second: class, number, bars, what each image says, and what it must not be used for. */
export function CaseAnswer({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const synthetic = analysis.predictions.some((one) => one.model_version?.synthetic);
  return (
    <section className={styles.answer} aria-labelledby="case-answer" data-testid="case-answer">
      <div className={styles.head}>
        <h2 id="case-answer">{t("result.case.title")}</h2>
        <Headline analysis={analysis} />
      </div>
      <ClassBars
        row
        waiting={!isTerminal(analysis.state)}
        probabilities={analysis.case_answer?.probabilities ?? null}
        label={t("result.case.title")}
      />
      <Votes analysis={analysis} />
      <p className={styles.note}>
        <strong>{t("research_use")}</strong>
        {synthetic && <span className={styles.synthetic}>{t("synthetic_answer")}</span>}
      </p>
    </section>
  );
}

function Headline({ analysis }: { analysis: Analysis }) {
  const { t, i18n } = useTranslation();
  const answer = analysis.case_answer;
  if (!isTerminal(analysis.state)) return <Progress analysis={analysis} />;
  if (!answer) {
    const state = analysis.state === "cancelled" ? "cancelled" : "failed";
    return <p className={styles.headline}>{t(`result.state.${state}`)}</p>;
  }
  const { probabilities, prediction_set: names } = answer;
  const top = topClass(probabilities);
  const isOne = names === null || (names.length === 1 && names[0] === top);
  return (
    <p className={styles.headline} data-testid="case-headline">
      {isOne ? (
        <>
          <ClassGlyph name={top} size={16} />
          {t(`classes.${top}`)}
          <span className={styles.percent}>{formatPercent(probabilities[top], i18n.language)}</span>
        </>
      ) : (
        <ClassSet names={names} probabilities={probabilities} size={16} />
      )}
      <Basis analysis={analysis} />
    </p>
  );
}

/** How many images, combined how, and whether the numbers are calibrated. */
function Basis({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const answered = analysis.predictions.filter((one) => one.state === "succeeded");
  const calibrated = answered.every((one) => one.calibrated);
  return (
    <span className={styles.basis}>
      {t("result.case.images", { count: answered.length })}{" "}
      <InlineHelp label={t("result.case.method")} title={t("result.case.method_label")}>
        <MethodText answer={analysis.case_answer} images={answered.length} />
      </InlineHelp>
      <SetLevel answer={analysis.case_answer} />
      {!calibrated && (
        <>
          {" · "}
          {t("result.case.uncalibrated")}{" "}
          <InlineHelp label={t("actions.why")} title={t("result.case.uncalibrated")}>
            {t("result.case.uncalibrated_why")}
          </InlineHelp>
        </>
      )}
    </span>
  );
}

/** How sure the set is, and what a set says. */
function SetLevel({ answer }: { answer: Analysis["case_answer"] }) {
  const { t } = useTranslation();
  if (!answer?.set_level) return null;
  const level = answer.set_level;
  return (
    <>
      {" · "}
      {t("result.set.level", { level })}{" "}
      <InlineHelp label={t("actions.why")} title={t("result.set.title")}>
        {t("result.set.why", { level, missed: 100 - level })}
      </InlineHelp>
    </>
  );
}

interface MethodTextProps {
  answer: Analysis["case_answer"];
  images: number;
}

function MethodText({ answer, images }: MethodTextProps) {
  const { t } = useTranslation();
  const { method = "", fusion_version: fusion = null } = answer ?? {};
  if (images === 1) return t("result.case.method_single");
  if (fusion) {
    return (
      <>
        {t("result.case.method_fusion", { name: fusion.name })}{" "}
        <Link to={`/models/${fusion.id}`}>{t("result.case.method_card")}</Link>
      </>
    );
  }
  if (method === "log_mean") return t("result.case.method_log_mean");
  if (method === "product_of_experts") return t("result.case.method_product");
  return t("result.case.method_other", { method });
}
