import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useSettled } from "@/components/useSettled";
import { CLASS_NAMES } from "@/lib/taxonomy";

import { versionsQuery } from "../api";
import { narrows, STATES, type HistoryFilter } from "../filters";

import styles from "./AnalysesList.module.css";

const TYPING_MS = 250;
const NOTHING: HistoryFilter = {
  label: "",
  state: "",
  answer: "",
  version: "",
  from: "",
  to: "",
};

interface HistoryFiltersProps {
  filter: HistoryFilter;
  onChange: (changed: Partial<HistoryFilter>) => void;
}

/** What the history is searched by: label, days, state, class, version. */
export function HistoryFilters({ filter, onChange }: HistoryFiltersProps) {
  const { t } = useTranslation();
  const versions = useQuery(versionsQuery).data ?? [];
  const day = (name: "from" | "to", other: { min?: string; max?: string }) => (
    <Input
      type="date"
      aria-label={t(`analyses.${name}`)}
      {...other}
      value={filter[name]}
      onChange={(event) => {
        onChange({ [name]: event.target.value });
      }}
    />
  );
  return (
    <div className={styles.filters} role="search" aria-label={t("analyses.filters")}>
      <LabelSearch label={filter.label} onChange={onChange} />
      <span className={styles.days}>
        {day("from", { max: filter.to })}
        <span aria-hidden>–</span>
        {day("to", { min: filter.from })}
      </span>
      <Choice
        name={t("analyses.filter")}
        all={t("analyses.all_states")}
        value={filter.state}
        options={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
        onChange={(state) => {
          onChange({ state });
        }}
      />
      <Choice
        name={t("analyses.column.answer")}
        all={t("analyses.all_classes")}
        value={filter.answer}
        options={CLASS_NAMES.map((value) => ({ value, label: t(`classes.${value}`) }))}
        onChange={(answer) => {
          onChange({ answer });
        }}
      />
      <Choice
        name={t("analyses.version")}
        all={t("analyses.all_versions")}
        value={filter.version}
        options={versions.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(version) => {
          onChange({ version });
        }}
      />
      {narrows(filter) && (
        <Button
          type="text"
          onClick={() => {
            onChange(NOTHING);
          }}
        >
          {t("analyses.clear")}
        </Button>
      )}
    </div>
  );
}

/** Searches a moment after the last key, not at each. */
function LabelSearch({
  label,
  onChange,
}: {
  label: string;
  onChange: HistoryFiltersProps["onChange"];
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(label);
  const [known, setKnown] = useState(label);
  const settled = useSettled(text.trim(), TYPING_MS);
  if (known !== label) {
    setKnown(label);
    if (label !== text.trim()) setText(label); // cleared, or another address
  }
  useEffect(() => {
    if (settled === text.trim() && settled !== label) onChange({ label: settled });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what was typed may change the address
  }, [settled]);
  return (
    <Input
      allowClear
      className={styles.search}
      aria-label={t("analyses.search")}
      placeholder={t("analyses.search")}
      maxLength={64}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
      }}
    />
  );
}

interface ChoiceProps<T extends string> {
  name: string;
  all: ReactNode;
  value: T | "";
  options: { value: T; label: string }[];
  onChange: (value: T | "") => void;
}

function Choice<T extends string>({ name, all, value, options, onChange }: ChoiceProps<T>) {
  return (
    <Select<T | "">
      aria-label={name}
      className={styles.choice}
      value={value}
      options={[{ value: "", label: all }, ...options]}
      popupMatchSelectWidth={false}
      onChange={onChange}
    />
  );
}
