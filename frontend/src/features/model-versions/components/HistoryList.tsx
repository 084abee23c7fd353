import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Select, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { VersionAction, VersionEvent } from "@/api/types";
import { ListFailure } from "@/components/ListFailure";
import { MoreButton } from "@/components/MoreButton";
import { formatMoment } from "@/lib/format";

import { historyQuery, rollBackQuery } from "../api";

import { ActivateDialog } from "./DecisionDialogs";
import { ALL, ModalityFilter, type ModalityChoice } from "./ModalityFilter";
import tables from "./tables.module.css";

const ACTIONS = ["activated", "uploaded", "checked", "rejected", "compared", "retired"] as const;
const COLUMNS = ["when", "what", "version", "who", "why"] as const;

/** Who did what with which version, when and why; a former version can be made active again from here. */
export function HistoryList({ manage }: { manage: boolean }) {
  const { t } = useTranslation();
  const [modality, setModality] = useState<ModalityChoice>(ALL);
  const [action, setAction] = useState<VersionAction | typeof ALL>(ALL);
  const [chosen, setChosen] = useState<VersionEvent | null>(null);
  const list = useInfiniteQuery(
    historyQuery({
      modality: modality === ALL ? null : modality,
      action: action === ALL ? null : action,
    }),
  );
  const { data: ready } = useQuery({ ...rollBackQuery, enabled: manage });
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <>
      <div className={tables.head}>
        <ModalityFilter value={modality} onChange={setModality} />
        <Select
          className={tables.select}
          aria-label={t("models.history.action")}
          value={action}
          onChange={setAction}
          options={[ALL, ...ACTIONS].map((value) => ({
            value,
            label: value === ALL ? t("models.history.any") : t(`models.done.${value}`),
          }))}
        />
      </div>
      <ListFailure list={list} title={t("models.history.failed")} />
      {list.isPending && <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {list.isSuccess && rows.length === 0 && (
        <p className={tables.quiet}>{t("models.history.none")}</p>
      )}
      {rows.length > 0 && (
        <table className={tables.table}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`models.history.column.${column}`)}
                </th>
              ))}
              {manage && <td aria-label={t("models.history.column.again")} />}
            </tr>
          </thead>
          <tbody>
            {rows.map((event) => (
              <Row key={event.id} event={event}>
                {manage && (
                  <td className={tables.action}>
                    {event.action === "activated" && ready?.has(event.version.id) && (
                      <Button
                        onClick={() => {
                          setChosen(event);
                        }}
                      >
                        {t("models.activate.again")}
                      </Button>
                    )}
                  </td>
                )}
              </Row>
            ))}
          </tbody>
        </table>
      )}
      <MoreButton list={list} className={tables.more} />
      {chosen && (
        <ActivateDialog
          version={{ ...chosen.version, modality: chosen.modality }}
          onClose={() => {
            setChosen(null);
          }}
        />
      )}
    </>
  );
}

function Row({ event, children }: { event: VersionEvent; children: React.ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <tr data-testid="event" data-action={event.action}>
      <td className={tables.when}>{formatMoment(event.created_at, i18n.language)}</td>
      <td>
        {t(`models.done.${event.action}`)}
        {event.from_version && (
          <small>{t("models.history.instead", { name: event.from_version.name })}</small>
        )}
      </td>
      <td className={tables.version}>
        <Link to={`/models/${event.version.id}`}>{event.version.name}</Link>
        <small>{t(`modalities.${event.modality}.name`)}</small>
      </td>
      <td>{event.actor ?? t("models.history.system")}</td>
      <td className={tables.why}>{event.reason}</td>
      {children}
    </tr>
  );
}
