import { useQueries } from "@tanstack/react-query";
import { Alert } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { Page } from "@/components/Page";
import { analysisQuery, ExamPair, ResultSkeleton } from "@/features/analyses";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { SignedIn } from "../SignedIn";

import { NotFoundPage } from "./NotFoundPage";

export function Component() {
  const { a = "", b = "" } = useParams();
  return (
    <SignedIn>
      <Compared key={`${a} ${b}`} ids={[a, b]} />
    </SignedIn>
  );
}

function Compared({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  const [since] = useState(() => Date.now());
  const exams = useQueries({ queries: ids.map((id) => analysisQuery(id, since)) });
  const error = exams.find((exam) => exam.error)?.error;
  const [first, second] = exams.map((exam) => exam.data);
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  if (!first || !second) {
    return error ? <Alert type="error" showIcon title={errorText(error, t)} /> : <ResultSkeleton />;
  }
  const labels = [
    ...new Set([first, second].map((one) => one.case_label || t("result.unlabelled"))),
  ];
  return (
    <Page title={t("exams.title", { label: labels.join(" / ") })}>
      <ExamPair exams={[first, second]} />
    </Page>
  );
}
