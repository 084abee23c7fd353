import { useQuery } from "@tanstack/react-query";
import { Alert, Result, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";

import { usePageTitle } from "@/components/usePageTitle";
import { shareOpen } from "@/features/analyses";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { SignedIn } from "../SignedIn";

export function Component() {
  return (
    <SignedIn account>
      <Opening />
    </SignedIn>
  );
}

/** A colleague's link: opens the analysis for this account and goes there. */
function Opening() {
  const { t } = useTranslation();
  const token = useLocation().hash.slice(1);
  usePageTitle(t("shares.opening"));
  const opened = useQuery({
    queryKey: ["analyses", "shared", token],
    queryFn: () => shareOpen(token),
    retry: false,
    gcTime: 0,
  });
  if (opened.data) return <Navigate to={`/analyses/${opened.data}`} replace />;
  if (opened.error instanceof ApiProblem && opened.error.status < 500) {
    return (
      <Result status="404" title={t("shares.ended_title")} subTitle={t("shares.ended_text")} />
    );
  }
  if (opened.error) return <Alert type="error" showIcon title={errorText(opened.error, t)} />;
  return <Skeleton active paragraph={{ rows: 8 }} />;
}
