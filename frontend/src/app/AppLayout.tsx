import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration } from "react-router";

import { sessionQuery } from "@/api/session";
import type { Session, SessionUser } from "@/api/types";
import { IdleWatch, SecondFactorNotice, SessionEnded, startAfresh } from "@/features/auth";
import { BatchProvider } from "@/features/batches/BatchProvider";
import { DraftProvider } from "@/features/upload/DraftProvider";
import { languagePropose } from "@/i18n";

import styles from "./AppLayout.module.css";
import { Header } from "./Header";
import { OfflineBar } from "./OfflineBar";
import { useEndedSession } from "./useEndedSession";

/** The frame of every page. Pages are shown once the session is known. */
export function AppLayout() {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery);
  const { ended, isOther } = useEndedSession(session.data?.user);
  useEffect(() => {
    if (isOther) startAfresh();
  }, [isOther]);
  const proposed = session.data?.default_language ?? "browser";
  useEffect(() => {
    if (proposed !== "browser") void languagePropose(proposed);
  }, [proposed]);
  return (
    <>
      <a className={styles.skip} href="#content">
        {t("skip_to_content")}
      </a>
      <Header
        user={session.data?.user ?? null}
        ready={session.data !== undefined}
        ended={ended !== null}
      />
      <OfflineBar />
      <main id="content" className={styles.main} tabIndex={-1}>
        {isOther ? null : session.data ? (
          <DraftProvider limits={session.data.limits}>
            <BatchProvider>
              <Content session={session.data} ended={ended} />
            </BatchProvider>
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

/** The page, or in its place the way back in: what was dropped stays above, in the draft. */
function Content({ session, ended }: { session: Session; ended: SessionUser | null }) {
  const { t } = useTranslation();
  const limit = session.idle_sign_out_minutes;
  if (ended) {
    return (
      <SessionEnded user={ended} idleMinutes={limit} anonymousAllowed={session.anonymous_allowed} />
    );
  }
  return (
    <>
      <SecondFactorNotice />
      <Suspense fallback={<div aria-busy aria-label={t("loading")} />}>
        <Outlet />
      </Suspense>
      {session.user && limit > 0 && <IdleWatch limitMinutes={limit} />}
    </>
  );
}
