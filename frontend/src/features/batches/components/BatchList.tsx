import { useInfiniteQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";
import { formatMoment } from "@/lib/format";

import { batchesQuery } from "../api";

import styles from "./Batches.module.css";

/** The batches that were sent before, newest first. */
export function BatchList() {
  const { t, i18n } = useTranslation();
  const list = useInfiniteQuery(batchesQuery);
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <section>
      <h2>{t("batches.earlier")}</h2>
      <ListFailure list={list} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 3 }} />}
      {list.isSuccess && rows.length === 0 && <p className={styles.quiet}>{t("batches.none")}</p>}
      {rows.length > 0 && (
        <table className={styles.list}>
          <thead>
            <tr>
              {(["name", "when", "cases", "waiting"] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`batches.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, name, created_at, total, waiting }) => (
              <tr key={id}>
                <td>
                  <Link to={`/batches/${id}`} title={name}>
                    {name || t("batches.unnamed")}
                  </Link>
                </td>
                <td>{formatMoment(created_at, i18n.language)}</td>
                <td>{total}</td>
                <td>{waiting}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={list} className={styles.more} />
    </section>
  );
}
