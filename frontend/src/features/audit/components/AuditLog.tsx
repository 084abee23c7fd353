import { useInfiniteQuery } from "@tanstack/react-query";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";

import { auditQuery, type AuditQuestion } from "../api";

import styles from "./audit.module.css";
import { AuditLine } from "./AuditLine";
import { AuditTools } from "./AuditTools";

const COLUMNS = ["when", "who", "what", "which", "where"] as const;

interface AuditLogProps {
  question: AuditQuestion;
  onChange: (question: AuditQuestion) => void;
}

/** Who did what to which object, when and from where; newest first. */
export function AuditLog({ question, onChange }: AuditLogProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(auditQuery(question));
  const lines = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <>
      <AuditTools question={question} onChange={onChange} />
      <ListFailure list={list} title={t("audit.failed")} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {list.isSuccess && lines.length === 0 && <p className={styles.quiet}>{t("audit.none")}</p>}
      {lines.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`audit.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <AuditLine key={line.id} line={line} />
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={list} className={styles.more} />
    </>
  );
}
