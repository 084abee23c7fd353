import { useQuery } from "@tanstack/react-query";
import { Alert, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { modelCardQuery, VersionPage } from "@/features/model-versions";
import { errorText } from "@/lib/errorText";
import { ApiProblem } from "@/lib/problem";

import { SignedIn } from "../SignedIn";

import { NotFoundPage } from "./NotFoundPage";
import styles from "./pages.module.css";

export function Component() {
  const { id = "" } = useParams();
  return (
    <SignedIn>
      <Version key={id} id={id} />
    </SignedIn>
  );
}

function Version({ id }: { id: string }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { data: card, error } = useQuery(modelCardQuery(id));
  usePageTitle(card?.name ?? t("models.card"));
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  return (
    <div className={styles.wide}>
      <p className={styles.back}>
        <Link to="/models">← {t("models.title")}</Link>
      </p>
      {error && <Alert type="error" showIcon title={errorText(error, t)} />}
      {card && <VersionPage card={card} may={user?.may} />}
      {!card && !error && <Skeleton active paragraph={{ rows: 10 }} />}
    </div>
  );
}
