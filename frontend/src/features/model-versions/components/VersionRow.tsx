import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { ModelVersion } from "@/api/types";
import { SyntheticTag } from "@/components/SyntheticTag";
import { formatMoment } from "@/lib/format";

import { StateBadge } from "./StateBadge";
import tables from "./tables.module.css";

/** One version in the list; the row opens its card. */
export function VersionRow({ version, records }: { version: ModelVersion; records: boolean }) {
  const { t, i18n } = useTranslation();
  const moment = (iso: string) => formatMoment(iso, i18n.language);
  return (
    <tr data-testid="version-row">
      <td className={tables.name}>
        <Link to={`/models/${version.id}`}>{version.name}</Link>
        {version.synthetic && <SyntheticTag />}
        <small>
          {version.architecture}
          {version.input_size && ` · ${version.input_size} × ${version.input_size}`}
        </small>
      </td>
      <td className={tables.kind}>{t(`modalities.${version.modality}.name`)}</td>
      <td>
        <StateBadge state={version.state} />
      </td>
      {records && (
        <td>
          <CheckWord passed={version.check_passed} state={version.state} />
        </td>
      )}
      <td className={tables.when}>
        {moment(records ? version.created_at : (version.activated_at ?? version.created_at))}
        {version.uploaded_by && <small>{version.uploaded_by}</small>}
      </td>
    </tr>
  );
}

function CheckWord({ passed, state }: { passed: boolean | null; state: ModelVersion["state"] }) {
  const { t } = useTranslation();
  const open = state === "uploaded" || state === "checking";
  const word = passed === null ? (open ? "open" : "none") : passed ? "passed" : "failed";
  return (
    <span className={tables.check} data-word={word}>
      {t(`models.checked.${word}`)}
    </span>
  );
}
