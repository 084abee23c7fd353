import { useInfiniteQuery } from "@tanstack/react-query";
import { Empty, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";

import { analysesQuery } from "../api";
import { filterFrom, narrows, searchOf, type HistoryFilter } from "../filters";

import styles from "./AnalysesList.module.css";
import { AnalysisRows } from "./AnalysisRows";
import { HistoryFilters } from "./HistoryFilters";

/** One's own analyses, newest first, a page at a time; the address carries what they are narrowed to. */
export function AnalysesList() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const filter = filterFrom(search);
  const list = useInfiniteQuery(analysesQuery(filter));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <>
      <HistoryFilters
        filter={filter}
        onChange={(changed) => {
          setSearch((old) => searchOf({ ...filterFrom(old), ...changed }), { replace: true });
        }}
      />
      <ListFailure list={list} title={t("analyses.failed")} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {list.isSuccess && rows.length === 0 && <Nothing filter={filter} />}
      {rows.length > 0 && <AnalysisRows rows={rows} />}
      <MoreButton list={list} className={styles.more} />
    </>
  );
}

function Nothing({ filter }: { filter: HistoryFilter }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { label } = filter;
  const others = narrows({ ...filter, label: "" });
  if (label && !others) {
    return <p className={styles.quiet}>{t("analyses.nothing_found", { label })}</p>;
  }
  if (others) return <p className={styles.quiet}>{t("analyses.nothing_matches")}</p>;
  return (
    <Empty
      className={styles.empty}
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <strong>{t("analyses.empty_title")}</strong>
          <br />
          {t("analyses.empty_text")}
        </>
      }
    >
      {!isAuditor(user) && <Link to="/">{t("nav.new")}</Link>}
    </Empty>
  );
}
