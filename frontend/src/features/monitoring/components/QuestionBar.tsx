import { Segmented } from "antd";
import { useTranslation } from "react-i18next";

import { MONTHS, TRUTHS, type Question } from "../api";

import styles from "./monitoring.module.css";

interface QuestionBarProps {
  question: Question;
  onChange: (question: Question) => void;
}

/** How far back, and what the answers are held against. */
export function QuestionBar({ question, onChange }: QuestionBarProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.bar}>
      <Segmented
        aria-label={t("monitoring.period")}
        options={MONTHS.map((value) => ({
          value,
          label: t("monitoring.months", { count: value }),
        }))}
        value={question.months}
        onChange={(months) => {
          onChange({ ...question, months });
        }}
      />
      <Segmented
        aria-label={t("monitoring.truth.label")}
        options={TRUTHS.map((value) => ({ value, label: t(`monitoring.truth.${value}`) }))}
        value={question.truth}
        onChange={(truth) => {
          onChange({ ...question, truth });
        }}
      />
    </div>
  );
}
