import { useQuery } from "@tanstack/react-query";
import { Alert, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { comparisonQuery, ComparisonView } from "@/features/model-versions";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { ForRole } from "../ForRole";

import { NotFoundPage } from "./NotFoundPage";
import styles from "./pages.module.css";

export function Component() {
  const { id = "" } = useParams();
  return (
    <ForRole may="read_model_records">
      <Compared key={id} id={id} />
    </ForRole>
  );
}

function Compared({ id }: { id: string }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data: comparison, error } = useQuery(comparisonQuery(id));
  usePageTitle(t("models.comparison.title", { name: comparison?.candidate.name ?? "…" }));
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  return (
    <div className={styles.wide}>
      <p className={styles.back}>
        <Link to={comparison ? `/models/${comparison.candidate.id}` : "/models"}>
          ← {comparison?.candidate.name ?? t("models.title")}
        </Link>
      </p>
      {error && <Alert type="error" showIcon title={errorText(error, t)} />}
      {comparison && user && <ComparisonView comparison={comparison} may={user.may} />}
      {!comparison && !error && <Skeleton active paragraph={{ rows: 10 }} />}
    </div>
  );
}
