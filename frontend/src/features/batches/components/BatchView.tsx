import { useInfiniteQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Analysis, Batch } from "@/api/types";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";

import { casesQuery } from "../api";
import { useBatches } from "../BatchProvider";

import styles from "./Batches.module.css";
import { BatchStatus } from "./BatchStatus";

interface BatchViewProps {
  batch: Batch;
  /** How the analyses are shown. */
  children: (rows: Analysis[]) => ReactNode;
}

/** How far a batch is, and its cases with their answers. */
export function BatchView({ batch, children }: BatchViewProps) {
  const { t } = useTranslation();
  const { sending } = useBatches();
  const own = sending?.batch === batch.id ? sending : null;
  const list = useInfiniteQuery(casesQuery(batch.id, `${batch.total}/${batch.waiting}`));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const nothing = list.isSuccess && rows.length === 0 && own === null;
  return (
    <>
      <BatchStatus batch={batch} own={own} />
      <ListFailure list={list} title={t("analyses.failed")} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 6 }} />}
      {nothing && <p className={styles.quiet}>{t("batches.empty")}</p>}
      {rows.length > 0 && children(rows)}
      {rows.length > 0 && <p className={styles.quiet}>{t("research_use")}</p>}
      <MoreButton list={list} className={styles.more} />
    </>
  );
}
