import { DeleteOutlined, LinkOutlined, StopOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";

import { isAuditor, useSession } from "@/api/session";
import type { Analysis } from "@/api/types";
import { copyText } from "@/lib/clipboard";
import { errorText } from "@/lib/errorText";
import { formatDuration, formatMoment } from "@/lib/format";

import { analysisCancel, analysisDelete, analysisKey } from "../api";
import { isTerminal } from "../polling";

import { ExamsMenu } from "./ExamsMenu";
import { ReportButtons } from "./ReportButtons";
import styles from "./ResultView.module.css";
import { ShareButton } from "./ShareButton";

interface ResultHeaderProps {
  analysis: Analysis;
  onDeleted: () => void;
}

/** Which case, when, how fast; and what can be done with it. */
export function ResultHeader({ analysis, onDeleted }: ResultHeaderProps) {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const isOwn = analysis.owner === (user?.username ?? null);
  const changes = !isAuditor(user) && (isOwn || user?.may.read_everything === true);
  const { created_at: created, finished_at: finished } = analysis;
  const took = finished ? Date.parse(finished) - Date.parse(created) : null;
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <h1 title={analysis.case_label}>{analysis.case_label || t("result.unlabelled")}</h1>
        <p>
          <time dateTime={created}>{formatMoment(created, i18n.language)}</time>
          {took !== null && <> · {t("result.took", { duration: formatDuration(took) })}</>}
        </p>
      </div>
      <div className={styles.actions}>
        <ExamsMenu analysis={analysis} />
        {isTerminal(analysis.state) && !analysis.withheld && <ReportButtons id={analysis.id} />}
        {changes && user ? <ShareButton id={analysis.id} /> : <CopyLinkButton />}
        {changes &&
          (isTerminal(analysis.state) ? (
            <DeleteButton id={analysis.id} onDeleted={onDeleted} />
          ) : (
            <CancelButton id={analysis.id} />
          ))}
      </div>
    </header>
  );
}

function CopyLinkButton() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  async function copy() {
    await copyText(window.location.href);
    void message.success(t("result.link_copied"));
  }
  return (
    <Button type="text" icon={<LinkOutlined />} onClick={() => void copy()}>
      {t("result.copy_link")}
    </Button>
  );
}

function CancelButton({ id }: { id: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => analysisCancel(id),
    onSettled: () => client.invalidateQueries({ queryKey: analysisKey(id) }),
    onError: (error) => void message.error(errorText(error, t)),
  });
  return (
    <Button
      type="text"
      icon={<StopOutlined />}
      loading={cancel.isPending}
      onClick={() => {
        cancel.mutate();
      }}
    >
      {t("result.cancel")}
    </Button>
  );
}

function DeleteButton({ id, onDeleted }: { id: string; onDeleted: () => void }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => analysisDelete(id),
    onSuccess: () => {
      onDeleted();
      client.removeQueries({ queryKey: analysisKey(id) });
      void client.invalidateQueries({ queryKey: ["analyses", "list"] });
    },
    onError: (error) => void message.error(errorText(error, t)),
  });
  function ask() {
    void modal.confirm({
      title: t("result.delete_title"),
      content: t("result.delete_text"),
      okText: t("actions.delete"),
      okButtonProps: { danger: true },
      cancelText: t("actions.cancel"),
      onOk: () => remove.mutateAsync(),
    });
  }
  return (
    <Button type="text" icon={<DeleteOutlined />} onClick={ask}>
      {t("result.delete")}
    </Button>
  );
}
