import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration } from "react-router";

import { sessionQuery } from "@/api/session";
import { DraftProvider } from "@/features/upload/DraftProvider";

import styles from "./AppLayout.module.css";
import { Header } from "./Header";
import { OfflineBar } from "./OfflineBar";

/** The frame of every page. Pages are shown once the session is known. */
export function AppLayout() {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery);
  return (
    <>
      <a className={styles.skip} href="#content">
        {t("skip_to_content")}
      </a>
      <Header ready={session.isSuccess} />
      <OfflineBar />
      <main id="content" className={styles.main} tabIndex={-1}>
        {session.data ? (
          <DraftProvider limits={session.data.limits}>
            <Suspense fallback={<div aria-busy aria-label={t("loading")} />}>
              <Outlet />
            </Suspense>
          </DraftProvider>
        ) : (
          session.isError && (
            <Alert
              type="warning"
              showIcon
              title={t("unreachable")}
              action={<Button onClick={() => void session.refetch()}>{t("actions.retry")}</Button>}
            />
          )
        )}
      </main>
      <ScrollRestoration />
    </>
  );
}
