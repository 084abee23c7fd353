import { useInfiniteQuery } from "@tanstack/react-query";
import { Empty, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import type { Analysis } from "@/api/types";
import { ClassGlyph } from "@/components/ClassGlyph";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";
import { formatMoment, formatPercent } from "@/lib/format";
import { MODALITIES, topClass } from "@/lib/taxonomy";

import { analysesQuery } from "../api";
import { filterFrom, narrows, searchOf, type HistoryFilter } from "../filters";

import styles from "./AnalysesList.module.css";
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
      {rows.length > 0 && <Rows rows={rows} />}
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

function Rows({ rows }: { rows: Analysis[] }) {
  const { t } = useTranslation();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {(["case", "when", "images", "answer", "state"] as const).map((column) => (
            <th key={column} scope="col">
              {t(`analyses.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((analysis) => (
          <Row key={analysis.id} analysis={analysis} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ analysis }: { analysis: Analysis }) {
  const { t, i18n } = useTranslation();
  const label = analysis.case_label || t("result.unlabelled");
  const present = MODALITIES.filter((name) =>
    analysis.predictions.some((prediction) => prediction.modality === name),
  );
  return (
    <tr>
      <td className={styles.case}>
        <Link to={`/analyses/${analysis.id}`} title={analysis.case_label}>
          {label}
        </Link>
      </td>
      <td className={styles.when}>{formatMoment(analysis.created_at, i18n.language)}</td>
      <td className={styles.images}>
        {present.map((name) => t(`modalities.${name}.name`)).join(t("analyses.separator"))}
      </td>
      <td>
        <Answer analysis={analysis} />
      </td>
      <td className={styles.state} data-state={analysis.state}>
        {t(`states.${analysis.state}`)}
      </td>
    </tr>
  );
}

function Answer({ analysis: { case_answer: answer, withheld } }: { analysis: Analysis }) {
  const { t, i18n } = useTranslation();
  if (withheld) return <span className={styles.quiet}>{t("read.listed")}</span>;
  if (!answer) return <span className={styles.quiet}>–</span>;
  const top = topClass(answer.probabilities);
  return (
    <span className={styles.answer}>
      <ClassGlyph name={top} />
      {t(`classes.${top}`)}
      <span className={styles.number}>
        {formatPercent(answer.probabilities[top], i18n.language)}
      </span>
      {answer.conflict && <span className={styles.conflict}>{t("analyses.conflict")}</span>}
    </span>
  );
}
