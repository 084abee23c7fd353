import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { usePageTitle } from "@/components/usePageTitle";

import styles from "./pages.module.css";

export function NotFoundPage() {
  const { t } = useTranslation();
  usePageTitle(t("not_found.title"));
  return (
    <div className={styles.centre}>
      <h1>{t("not_found.title")}</h1>
      <p>{t("not_found.text")}</p>
      <Link to="/">{t("not_found.action")}</Link>
    </div>
  );
}
