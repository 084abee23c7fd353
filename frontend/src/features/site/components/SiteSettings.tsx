import { useQuery } from "@tanstack/react-query";
import { Alert, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";

import { settingsQuery } from "../api";

import { ChangesList } from "./ChangesList";
import { SettingsForm } from "./SettingsForm";
import styles from "./site.module.css";

/** The settings in force, and who changed what. */
export function SiteSettings() {
  const { t } = useTranslation();
  const { data, error, isPending } = useQuery(settingsQuery);
  if (isPending) return <Skeleton active title={false} paragraph={{ rows: 14 }} />;
  if (!data) return <Alert type="error" showIcon role="alert" title={errorText(error, t)} />;
  return (
    <div className={styles.stack}>
      <SettingsForm shown={data} />
      <ChangesList changes={data.changes} />
    </div>
  );
}
