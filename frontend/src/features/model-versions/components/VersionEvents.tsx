import { useQuery } from "@tanstack/react-query";
import { Alert, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import type { ModelCard } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";

import { eventsQuery } from "../api";

import styles from "./VersionEvents.module.css";

/** What happened to a version: who did it, when, and why. */
export function VersionEvents({ id, state }: Pick<ModelCard, "id" | "state">) {
  const { t, i18n } = useTranslation();
  const { data, error } = useQuery(eventsQuery(id, state));
  return (
    <section className={styles.events} aria-labelledby="events" data-testid="events">
      <h2 id="events">{t("models.history.of_version")}</h2>
      {error && <Alert type="error" showIcon title={errorText(error, t)} />}
      {!data && !error && <Skeleton active title={false} paragraph={{ rows: 3 }} />}
      <ol>
        {data?.map((event) => (
          <li key={event.id} data-action={event.action}>
            <strong>{t(`models.done.${event.action}`)}</strong>
            {event.from_version && (
              <span> · {t("models.history.instead", { name: event.from_version.name })}</span>
            )}
            <small>
              {formatMoment(event.created_at, i18n.language)} ·{" "}
              {event.actor ?? t("models.history.system")}
            </small>
            {event.reason && <q>{event.reason}</q>}
          </li>
        ))}
      </ol>
    </section>
  );
}
