import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { CopyField } from "@/components/CopyField";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";

import { tokenCreate, tokenRevoke, tokensQuery } from "../api";

import styles from "./TokenPanel.module.css";

/** One token for programs: make, see once, revoke. */
export function TokenPanel() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const client = useQueryClient();
  const { data: tokens } = useQuery(tokensQuery);
  const onSettled = () => client.invalidateQueries(tokensQuery);
  const create = useMutation({ mutationFn: tokenCreate, onSettled });
  const revoke = useMutation({ mutationFn: tokenRevoke, onSettled });
  const error = create.error ?? revoke.error;
  const exists = tokens !== undefined && tokens.length > 0;

  function askRevoke() {
    void modal.confirm({
      title: t("account.token_revoke_title"),
      content: t("account.token_revoke_text"),
      okText: t("account.token_revoke"),
      okButtonProps: { danger: true },
      cancelText: t("actions.cancel"),
      onOk: async () => {
        create.reset();
        await revoke.mutateAsync();
      },
    });
  }

  return (
    <section className={styles.panel}>
      <h2>{t("account.token_title")}</h2>
      <p>{t("account.token_text")}</p>
      {tokens ? <TokenState token={tokens[0]} /> : <Skeleton active title={false} />}
      {create.data && <NewToken secret={create.data.token} />}
      {error && <Alert type="error" showIcon title={errorText(error, t)} />}
      <div className={styles.actions}>
        <Button
          type={exists ? "default" : "primary"}
          loading={create.isPending}
          onClick={() => {
            create.mutate();
          }}
        >
          {t(exists ? "account.token_replace" : "account.token_create")}
        </Button>
        {exists && (
          <Button danger loading={revoke.isPending} onClick={askRevoke}>
            {t("account.token_revoke")}
          </Button>
        )}
        {exists && <span className={styles.note}>{t("account.token_replace_note")}</span>}
      </div>
    </section>
  );
}

interface TokenStateProps {
  token: { prefix: string; created_at: string; last_used_at: string | null } | undefined;
}

function TokenState({ token }: TokenStateProps) {
  const { t, i18n } = useTranslation();
  if (!token) return <p>{t("account.token_none")}</p>;
  const moment = (iso: string) => formatMoment(iso, i18n.language);
  return (
    <p>
      {t("account.token_exists", { when: moment(token.created_at) })} <code>{token.prefix}…</code>{" "}
      {token.last_used_at && t("account.token_last_used", { when: moment(token.last_used_at) })}
    </p>
  );
}

function NewToken({ secret }: { secret: string }) {
  const { t } = useTranslation();
  const example = `curl -H "Authorization: Bearer ${secret}" \\
  -F image_2d=@node.png \\
  ${window.location.origin}/api/v1/analyses/`;
  return (
    <div className={styles.secret} data-testid="new-token">
      <strong>{t("account.token_once")}</strong>
      <CopyField text={secret} label={t("account.token_title")} />
      <span>{t("account.token_example")}</span>
      <CopyField text={example} label={t("account.token_example")} />
    </div>
  );
}
