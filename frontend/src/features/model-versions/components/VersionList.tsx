import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Button, Segmented, Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { VersionState } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { MODALITIES, type Modality } from "@/lib/taxonomy";

import { versionsQuery } from "../api";

import tables from "./tables.module.css";
import { VersionRow } from "./VersionRow";

const STATES = ["active", "checked", "uploaded", "checking", "rejected", "retired"] as const;
const ALL = "all" as const;

interface VersionListProps {
  /** Every version with its state and who brought it in; else only those that ever answered. */
  records: boolean;
}

/** The versions, newest first. */
export function VersionList({ records }: VersionListProps) {
  const { t } = useTranslation();
  const [modality, setModality] = useState<Modality | typeof ALL>(ALL);
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
        <Segmented
          aria-label={t("models.list.modality")}
          value={modality}
          onChange={setModality}
          options={[ALL, ...MODALITIES].map((value) => ({
            value,
            label: value === ALL ? t("models.list.any") : t(`modalities.${value}.name`),
          }))}
        />
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
      {list.isError && (
        <Alert
          type="error"
          showIcon
          title={t("models.failed")}
          description={errorText(list.error, t)}
          action={<Button onClick={() => void list.refetch()}>{t("actions.retry")}</Button>}
        />
      )}
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
      {list.hasNextPage && (
        <Button
          className={tables.more}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("analyses.more")}
        </Button>
      )}
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
