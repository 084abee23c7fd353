import { useInfiniteQuery } from "@tanstack/react-query";
import { Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { VersionState } from "@/api/types";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";

import { versionsQuery } from "../api";

import { ALL, ModalityFilter, type ModalityChoice } from "./ModalityFilter";
import tables from "./tables.module.css";
import { VersionRow } from "./VersionRow";

const STATES = ["active", "checked", "uploaded", "checking", "rejected", "retired"] as const;

interface VersionListProps {
  /** Every version with its state and who brought it in; else only those that ever answered. */
  records: boolean;
}

/** The versions, newest first. */
export function VersionList({ records }: VersionListProps) {
  const { t } = useTranslation();
  const [modality, setModality] = useState<ModalityChoice>(ALL);
  const [state, setState] = useState<VersionState | typeof ALL>(ALL);
  const list = useInfiniteQuery(
    versionsQuery({
      modality: modality === ALL ? null : modality,
      state: state === ALL ? null : state,
    }),
  );
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <section aria-labelledby="versions">
      <div className={tables.head}>
        <h2 id="versions">{t(records ? "models.list.all" : "models.list.answered")}</h2>
        <ModalityFilter value={modality} onChange={setModality} />
        {records && (
          <Select
            className={tables.select}
            aria-label={t("models.list.state")}
            value={state}
            onChange={setState}
            options={[ALL, ...STATES].map((value) => ({
              value,
              label: value === ALL ? t("models.list.any_state") : t(`models.state.${value}`),
            }))}
          />
        )}
      </div>
      <ListFailure list={list} title={t("models.failed")} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 5 }} />}
      {list.isSuccess && rows.length === 0 && (
        <p className={tables.quiet}>
          {t(modality === ALL && state === ALL ? "models.list.none" : "models.list.none_such")}
        </p>
      )}
      {rows.length > 0 && (
        <table className={tables.table}>
          <Head records={records} />
          <tbody>
            {rows.map((version) => (
              <VersionRow key={version.id} version={version} records={records} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={list} className={tables.more} />
    </section>
  );
}

function Head({ records }: { records: boolean }) {
  const { t } = useTranslation();
  const columns = records
    ? (["version", "images", "state", "check", "brought"] as const)
    : (["version", "images", "state", "answered"] as const);
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {t(`models.column.${column}`)}
          </th>
        ))}
      </tr>
    </thead>
  );
}
