import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";

import styles from "./pages.module.css";

/** Says honestly that a page is there but not for this account, and what would open it. */
export function NotForRolePage() {
  const { t } = useTranslation();
  const { user } = useSession();
  usePageTitle(t("not_for_role.title"));
  const factor = user?.second_factor;
  const locked =
    factor?.required && !factor.enabled && user?.roles.some((role) => role !== "clinician");
  return (
    <div className={styles.centre}>
      <h1>{t("not_for_role.title")}</h1>
      <p>{t(locked ? "not_for_role.second_factor" : "not_for_role.text")}</p>
      {locked ? (
        <Link to="/account">{t("not_for_role.set_up")}</Link>
      ) : (
        <Link to="/">{t("not_found.action")}</Link>
      )}
    </div>
  );
}
