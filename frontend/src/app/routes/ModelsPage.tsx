import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";

import { useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { AnsweringNow, VersionList } from "@/features/model-versions";

import { SignedIn } from "../SignedIn";

import styles from "./pages.module.css";

export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useSession().user?.may;
  const records = may?.read_model_records ?? false;
  return (
    <SignedIn>
      <Page
        title={t("models.title")}
        lead={t("models.lead")}
        actions={
          <>
            {records && <Link to="/models/history">{t("models.history.title")}</Link>}
            {may?.manage_models && (
              <Button type="primary" onClick={() => void navigate("/models/upload")}>
                {t("models.upload.title")}
              </Button>
            )}
          </>
        }
      >
        <div className={styles.sections}>
          <AnsweringNow />
          <VersionList records={records} />
        </div>
      </Page>
    </SignedIn>
  );
}
