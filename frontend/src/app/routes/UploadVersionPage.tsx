import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { Page } from "@/components/Page";
import { UploadVersion } from "@/features/model-versions";

import { ForRole } from "../ForRole";

import styles from "./pages.module.css";

export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <ForRole may="manage_models">
      <p className={styles.back} data-narrow>
        <Link to="/models">← {t("models.title")}</Link>
      </p>
      <Page narrow title={t("models.upload.title")} lead={t("models.upload.lead")}>
        <UploadVersion onUploaded={({ id }) => void navigate(`/models/${id}`)} />
      </Page>
    </ForRole>
  );
}
