import { SafetyCertificateOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";

import { useSession } from "@/api/session";

import styles from "./SecondFactorNotice.module.css";

/** For administrators of a site that asks for a second factor, until they have one. */
export function SecondFactorNotice() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { pathname } = useLocation();
  const missing = user?.second_factor.required === true && !user.second_factor.enabled;
  if (!missing || pathname === "/account") return null;
  return (
    <p className={styles.notice} role="status" data-testid="second-factor-notice">
      <SafetyCertificateOutlined aria-hidden />
      {t("second_factor.needed")}
      <Link to="/account#second-factor">{t("second_factor.set_up_now")}</Link>
    </p>
  );
}
