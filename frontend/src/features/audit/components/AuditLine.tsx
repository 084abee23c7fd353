import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { AuditEvent } from "@/api/types";
import { formatMoment } from "@/lib/format";

import styles from "./audit.module.css";

const SHOWN_OF_ID = 8;
/** Where an object can be looked at, if it is still there. */
const PLACES: Partial<Record<string, string>> = {
  analysis: "/analyses/",
  model_version: "/models/",
};

/** One line of the log. */
export function AuditLine({ line }: { line: AuditEvent }) {
  const { t, i18n } = useTranslation();
  return (
    <tr data-testid="audit-line" data-action={line.action}>
      <td className={styles.when}>
        <time dateTime={line.created_at}>{formatMoment(line.created_at, i18n.language)}</time>
      </td>
      <td className={styles.who}>{line.actor_name || t(`audit.actor.${line.actor_kind}`)}</td>
      <td>
        {t(`audit.action.${line.action}`)}
        {line.detail && <small>{line.detail}</small>}
      </td>
      <td>
        <Which line={line} />
      </td>
      <td className={styles.where}>
        {line.address || "—"}
        <small>{line.request_id}</small>
      </td>
    </tr>
  );
}

function Which({ line: { object_kind: kind, object_id: id } }: { line: AuditEvent }) {
  const { t } = useTranslation();
  if (!kind || !id) return "—";
  const name = `${t(`audit.object.${kind}`)} ${id.slice(0, SHOWN_OF_ID)}`;
  const place = PLACES[kind];
  return place ? <Link to={place + id}>{name}</Link> : <span title={id}>{name}</span>;
}
