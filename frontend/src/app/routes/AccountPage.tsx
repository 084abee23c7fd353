import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { TokenPanel } from "@/features/auth";

import { SignedIn } from "../SignedIn";

import styles from "./pages.module.css";

export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <SignedIn account>
      <Page
        narrow
        title={t("account.title")}
        lead={t("account.signed_in_as", { name: user?.username ?? "" })}
      >
        <div className={styles.stack}>
          <TokenPanel />
          <a href="/api/docs/">{t("account.api_docs")}</a>
        </div>
      </Page>
    </SignedIn>
  );
}
