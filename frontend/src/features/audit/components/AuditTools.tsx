import { SearchOutlined } from "@ant-design/icons";
import { Input, Select } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { AuditAction } from "@/api/types";

import { ACTIONS } from "../actions";
import { PERIODS, type AuditQuestion } from "../api";

import styles from "./audit.module.css";

const TYPING_MS = 250;

interface AuditToolsProps {
  question: AuditQuestion;
  onChange: (question: AuditQuestion) => void;
}

/** Narrows the log: who, what, since when. */
export function AuditTools({ question, onChange }: AuditToolsProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(question.actor);
  useEffect(() => {
    if (typed === question.actor) return undefined;
    const timer = setTimeout(() => {
      onChange({ ...question, actor: typed });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, question, onChange]);
  return (
    <div className={styles.tools} role="search">
      <Input
        className={styles.search}
        prefix={<SearchOutlined />}
        aria-label={t("audit.search")}
        placeholder={t("audit.search")}
        value={typed}
        allowClear
        onChange={(event) => {
          setTyped(event.target.value.trim());
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
