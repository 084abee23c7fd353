import { Select } from "antd";
import { useTranslation } from "react-i18next";

import type { AuditAction } from "@/api/types";
import { SearchField } from "@/components/SearchField";

import { ACTIONS } from "../actions";
import { PERIODS, type AuditQuestion } from "../api";

import styles from "./audit.module.css";

interface AuditToolsProps {
  question: AuditQuestion;
  onChange: (question: AuditQuestion) => void;
}

/** Narrows the log: who, what, since when. */
export function AuditTools({ question, onChange }: AuditToolsProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.tools} role="search">
      <SearchField
        className={styles.search}
        label={t("audit.search")}
        value={question.actor}
        onSearch={(actor) => {
          onChange({ ...question, actor });
        }}
      />
      <Select
        className={styles.filter}
        aria-label={t("audit.column.what")}
        value={question.action ?? ""}
        options={[
          { value: "", label: t("audit.any_action") },
          ...ACTIONS.map((value) => ({ value, label: t(`audit.action.${value}`) })),
        ]}
        onChange={(action) => {
          onChange({ ...question, action: action ? (action as AuditAction) : null });
        }}
      />
      <Select
        className={styles.filter}
        aria-label={t("audit.period")}
        value={question.days}
        options={PERIODS.map((value) => ({
          value,
          label: value === 0 ? t("audit.any_time") : t("audit.days", { count: value }),
        }))}
        onChange={(days) => {
          onChange({ ...question, days });
        }}
      />
    </div>
  );
}
