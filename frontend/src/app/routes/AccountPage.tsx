import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import { useSession } from "@/api/session";
import type { SessionUser } from "@/api/types";
import { Page } from "@/components/Page";
import { PasswordPanel, RolePanel, SecondFactorPanel, TokensPanel } from "@/features/auth/account";
import { OwnFirstRead } from "@/features/site";

import { SignedIn } from "../SignedIn";

import styles from "./pages.module.css";

export function Component() {
  const { user } = useSession();
  return <SignedIn account>{user && <Account user={user} />}</SignedIn>;
}

function Account({ user }: { user: SessionUser }) {
  const { t } = useTranslation();
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
  return (
    <Page
      narrow
      title={t("account.title")}
      lead={t("account.signed_in_as", { name: user.username })}
    >
      <div className={styles.stack}>
        <RolePanel user={user} />
        <SecondFactorPanel username={user.username} />
        <PasswordPanel username={user.username} />
        <OwnFirstRead />
        <TokensPanel user={user} />
        <div className={styles.links}>
          <Link to="/programs">{t("nav.programs")}</Link>
          <a href="/api/docs/">{t("account.api_docs")}</a>
        </div>
      </div>
    </Page>
  );
}
