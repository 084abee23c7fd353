import { Button } from "antd";
import { useTranslation } from "react-i18next";

import type { TokenCreated } from "@/api/types";
import { CopyField } from "@/components/CopyField";

import styles from "./account.module.css";

interface NewTokenProps {
  token: TokenCreated;
  onKept: () => void;
}

/** The secret, this once, and a line that uses it. */
export function NewToken({ token, onKept }: NewTokenProps) {
  const { t } = useTranslation();
  const example = `curl -H "Authorization: Bearer ${token.token}" ${exampleCall(token)}`;
  return (
    <div className={styles.secret} data-testid="new-token">
      <p role="status">
        <strong>{t("tokens.created", { name: token.name })}</strong>
      </p>
      <CopyField text={token.token} label={t("tokens.secret")} />
      <p className={styles.quiet}>{t("tokens.example")}</p>
      <CopyField text={example} label={t("tokens.example")} />
      <div className={styles.actions}>
        <Button type="primary" onClick={onKept}>
          {t("tokens.done")}
        </Button>
      </div>
    </div>
  );
}

/** A call that this token may make. */
function exampleCall({ scopes }: TokenCreated): string {
  const api = `${window.location.origin}/api/v1`;
  if (scopes.includes("analyses:write")) return `-F image_2d=@node.png ${api}/analyses/`;
  return scopes.includes("analyses:read") ? `${api}/analyses/` : `${api}/models/`;
}
