import { Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "@/api/session";
import { CopyField } from "@/components/CopyField";
import { Page } from "@/components/Page";
import { Panel } from "@/components/Panel";
import { TokenHere } from "@/features/auth/account";

import styles from "./pages.module.css";
import { batchWithPython, listWithCurl, sendWithCurl, sendWithPython } from "./programExamples";

/** How a program does what the pages do. */
export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [token, setToken] = useState<string | null>(null);
  const target = { site: window.location.origin, token };
  return (
    <Page narrow title={t("programs.title")} lead={t("programs.lead")}>
      <div className={styles.stack}>
        <Panel
          title={t("programs.token_title")}
          text={t("programs.token_text")}
          action={<Link to="/account#tokens">{t("programs.token_link")}</Link>}
        >
          {user && <TokenHere user={user} onMade={setToken} />}
        </Panel>
        <Panel title={t("programs.send_title")} text={t("programs.send_text")}>
          <Tabs
            items={[
              {
                key: "curl",
                label: t("programs.curl"),
                children: <CopyField text={sendWithCurl(target)} label={t("programs.curl")} />,
              },
              {
                key: "python",
                label: t("programs.python"),
                children: <CopyField text={sendWithPython(target)} label={t("programs.python")} />,
              },
            ]}
          />
        </Panel>
        <Panel title={t("programs.batch_title")} text={t("programs.batch_text")}>
          <CopyField text={batchWithPython(target)} label={t("programs.batch_title")} />
        </Panel>
        <Panel title={t("programs.list_title")}>
          <CopyField text={listWithCurl(target)} label={t("programs.list_title")} />
        </Panel>
        <p className={styles.sentence}>
          {t("programs.more")} <a href="/api/docs/">{t("account.api_docs")}</a>
        </p>
      </div>
    </Page>
  );
}
