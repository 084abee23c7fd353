import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";

import type { Token } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";

import { tokenRevoke } from "../api";
import { scopeName } from "../scopes";

import styles from "./account.module.css";

interface TokenRowProps {
  token: Token;
  onRevoked: () => Promise<void>;
}

export function TokenRow({ token, onRevoked }: TokenRowProps) {
  const { t, i18n } = useTranslation();
  const { modal, message } = App.useApp();
  const revoke = useMutation({
    mutationFn: () => tokenRevoke(token.id),
    onError: (error) => void message.error(errorText(error, t)),
    onSettled: onRevoked,
  });
  const when = (iso: string) => formatMoment(iso, i18n.language);
  const scopes = token.scopes.map((scope) => t(`tokens.scope.${scopeName(scope)}`));

  function askRevoke() {
    void modal.confirm({
      title: t("tokens.revoke_title", { name: token.name }),
      content: t("tokens.revoke_text"),
      okText: t("tokens.revoke"),
      okButtonProps: { danger: true },
      cancelText: t("actions.cancel"),
      onOk: () => {
        revoke.mutate();
      },
    });
  }

  return (
    <li className={styles.token}>
      <div>
        <strong>{token.name}</strong> <code>{token.prefix}…</code>
        <div>{scopes.join(t("analyses.separator"))}</div>
        <div className={styles.facts}>
          <span>
            {token.last_used_at
              ? t("tokens.last_used", { when: when(token.last_used_at) })
              : t("tokens.never_used")}
          </span>
          <span className={token.is_expired ? styles.ended : undefined}>
            {t(token.is_expired ? "tokens.expired" : "tokens.expires", {
              when: when(token.expires_at),
            })}
          </span>
        </div>
      </div>
      <Button
        danger
        loading={revoke.isPending}
        aria-label={`${t("tokens.revoke")}: ${token.name}`}
        onClick={askRevoke}
      >
        {t("tokens.revoke")}
      </Button>
    </li>
  );
}
