import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { SessionUser, TokenCreated } from "@/api/types";
import { Panel } from "@/components/Panel";
import { errorText } from "@/lib/errorText";

import { tokensQuery } from "../api";

import styles from "./account.module.css";
import { NewToken } from "./NewToken";
import { TokenForm } from "./TokenForm";
import { TokenRow } from "./TokenRow";

/** Tokens for programs: make, see once, revoke. */
export function TokensPanel({ user }: { user: SessionUser }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: tokens, error } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<TokenCreated | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const idle = !making && !made;
  return (
    <Panel
      id="tokens"
      title={t("tokens.title")}
      text={t("tokens.text")}
      action={
        idle && (
          <Button
            icon={<PlusOutlined />}
            onClick={() => {
              setMaking(true);
            }}
          >
            {t("tokens.new")}
          </Button>
        )
      }
    >
      {making && (
        <TokenForm
          user={user}
          onMade={(token) => {
            setMaking(false);
            setMade(token);
            void refresh();
          }}
          onStop={() => {
            setMaking(false);
          }}
        />
      )}
      {made && (
        <NewToken
          token={made}
          onKept={() => {
            setMade(null);
          }}
        />
      )}
      {!tokens && error && <Alert type="error" showIcon title={errorText(error, t)} />}
      {!tokens && !error && <Skeleton active title={false} paragraph={{ rows: 2 }} />}
      {tokens && tokens.length === 0 && idle && <p className={styles.quiet}>{t("tokens.none")}</p>}
      {tokens && tokens.length > 0 && (
        <ul className={styles.tokens}>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRevoked={refresh} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
