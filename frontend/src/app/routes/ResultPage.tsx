import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { analysisQuery, ResultSkeleton, ResultView, type Placing } from "@/features/analyses";
import { FirstRead, OutcomeStrip } from "@/features/outcomes";
import { useResend } from "@/features/upload";
import { errorText } from "@/lib/errorText";
import { ApiProblem, NetworkLost } from "@/lib/problem";

import { SignedIn } from "../SignedIn";

import { NotFoundPage } from "./NotFoundPage";

export function Component() {
  const { id = "" } = useParams();
  return (
    <SignedIn>
      <Result key={id} id={id} />
    </SignedIn>
  );
}

function Result({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { user } = useSession();
  const resend = useResend();
  const [since] = useState(() => Date.now());
  const { data: analysis, error } = useQuery(analysisQuery(id, since));
  usePageTitle(analysis?.case_label ?? t("result.page_title"));

  if (error instanceof ApiProblem && error.status === 401 && !user) return <SignedIn account />;
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  if (!analysis) {
    return error ? <Alert type="error" showIcon title={errorText(error, t)} /> : <ResultSkeleton />;
  }
  async function takeToNew(placings: Placing[]) {
    await resend(placings, analysis?.case_label ?? "");
    await navigate("/");
  }
  return (
    <>
      {error instanceof NetworkLost && <Alert type="warning" banner title={t("unreachable")} />}
      <ResultView
        analysis={analysis}
        firstRead={<FirstRead analysis={analysis} />}
        outcome={<OutcomeStrip analysis={analysis} />}
        onDeleted={() => void navigate("/analyses")}
        onResend={isAuditor(user) ? undefined : takeToNew}
      />
    </>
  );
}
