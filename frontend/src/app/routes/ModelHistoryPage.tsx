import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { HistoryList } from "@/features/model-versions";

import { ForRole } from "../ForRole";

import styles from "./pages.module.css";

export function Component() {
  const { t } = useTranslation();
  const manage = useSession().user?.may.manage_models ?? false;
  return (
    <ForRole may="read_model_records">
      <p className={styles.back}>
        <Link to="/models">← {t("models.title")}</Link>
      </p>
      <Page title={t("models.history.title")} lead={t("models.history.lead")}>
        <HistoryList manage={manage} />
      </Page>
    </ForRole>
  );
}
