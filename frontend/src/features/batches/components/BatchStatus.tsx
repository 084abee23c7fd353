import { Alert, Button, Progress } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Batch } from "@/api/types";
import { useAnnouncement } from "@/components/useAnnouncement";
import { errorText } from "@/lib/errorText";
import type { ApiProblem } from "@/lib/problem";
import { MODALITIES } from "@/lib/taxonomy";

import { useBatches, type Sending } from "../BatchProvider";

import styles from "./Batches.module.css";

const ENDS = ["succeeded", "partial", "failed", "cancelled"] as const;

/** Sent so far, answered so far, refused and why. `own`: the batch is sent from this tab. */
export function BatchStatus({ batch, own }: { batch: Batch; own: Sending | null }) {
  const { t } = useTranslation();
  const planned = own?.cases.length ?? batch.total;
  const answered = batch.total - batch.waiting;
  const refused = own?.sent.filter(({ state }) => state === "refused").length ?? 0;
  const percent = planned === 0 ? 0 : Math.floor((100 * (answered + refused)) / planned);
  const over = own?.phase !== "sending" && batch.waiting === 0;
  useAnnouncement(over ? t("batches.over", { count: answered }) : t("batches.under_way"));
  return (
    <div className={styles.status} data-testid="batch-status" data-over={over || undefined}>
      <Progress
        percent={percent}
        status={over ? "normal" : "active"}
        aria-label={t("batches.answered_of", { answered, planned })}
      />
      <p className={styles.counts}>
        <span>{t("batches.answered_of", { answered, planned })}</span>
        {ENDS.filter((end) => batch[end] > 0).map((end) => (
          <span key={end} data-bad={end === "failed" || undefined}>
            {`${t(`states.${end}`)}: ${batch[end]}`}
          </span>
        ))}
        {refused > 0 && <span data-bad>{t("batches.refused", { count: refused })}</span>}
      </p>
      {own && <OnItsWay own={own} />}
      {own && refused > 0 && <Refused own={own} />}
    </div>
  );
}

function OnItsWay({ own }: { own: Sending }) {
  const { t } = useTranslation();
  const { stop, resume } = useBatches();
  const left = own.sent.filter(({ state }) => state === "waiting").length;
  if (own.phase === "done") return null;
  if (own.phase === "stopped") {
    return (
      <Alert
        type="warning"
        showIcon
        data-testid="batch-stopped"
        title={t("batches.stopped", { count: left })}
        description={own.error === null ? undefined : errorText(own.error, t)}
        action={<Button onClick={resume}>{t("batches.resume")}</Button>}
      />
    );
  }
  return (
    <Alert
      type={own.pause ? "warning" : "info"}
      showIcon
      title={
        own.pause ? t(`batches.pause.${own.pause.why}`) : t("batches.sending", { count: left })
      }
      description={t("batches.keep_open")}
      action={<Button onClick={stop}>{t("upload.stop_sending")}</Button>}
    />
  );
}

function Refused({ own }: { own: Sending }) {
  const { t } = useTranslation();
  const refused = own.cases.flatMap(({ label }, index) => {
    const sent = own.sent[index];
    return sent?.state === "refused" ? [{ label, error: sent.error, index }] : [];
  });
  return (
    <Alert
      type="error"
      showIcon
      data-testid="batch-refused"
      title={t("batches.refused_title", { count: refused.length })}
      description={
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ul className={styles.leftOut} tabIndex={0}>
          {refused.map(({ label, error, index }) => (
            <li key={index}>
              <strong>{label || t("result.unlabelled")}</strong>: {reasonOf(error, t)}
            </li>
          ))}
        </ul>
      }
    />
  );
}

/** The server's reasons by file; without any, its sentence. */
function reasonOf(error: ApiProblem | null, t: TFunction): string {
  if (!error) return t("batches.broken_file");
  const reasons = Object.entries(error.errors).map(([field, [first]]) => {
    const known = t(
      `upload.problems.${first?.code ?? "other"}.what` as "upload.problems.other.what",
      {
        defaultValue: first?.detail ?? error.detail,
      },
    );
    const modality = MODALITIES.find((name) => field.endsWith(`_${name}`));
    return modality ? `${t(`modalities.${modality}.name`)}: ${known}` : known;
  });
  return reasons.length > 0 ? reasons.join("; ") : error.detail;
}
