import { useQuery } from "@tanstack/react-query";
import { Alert, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { errorText } from "@/lib/errorText";
import { formatMoment, formatPercent } from "@/lib/format";

import { comparisonsQuery } from "../comparison/api";

import styles from "./VersionEvents.module.css";

/** The comparisons in which this version was the candidate. */
export function VersionComparisons({ candidate }: { candidate: string }) {
  const { t, i18n } = useTranslation();
  const { data, error } = useQuery(comparisonsQuery(candidate));
  if (data?.length === 0) return null;
  return (
    <section className={styles.events} aria-labelledby="comparisons">
      <h2 id="comparisons">{t("models.comparison.list")}</h2>
      {error && <Alert type="error" showIcon title={errorText(error, t)} />}
      {!data && !error && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      <ol>
        {data?.map(({ id, counts, created_at: created, state, agreement }) => (
          <li key={id}>
            <Link to={`/models/comparisons/${id}`}>
              {t("models.comparison.on_cases", { count: counts.total })}
            </Link>
            <small>
              {formatMoment(created, i18n.language)} · {t(`models.comparison.state.${state}`)}
              {agreement !== null &&
                ` · ${t("models.comparison.agree_short", { percent: formatPercent(agreement, i18n.language) })}`}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
