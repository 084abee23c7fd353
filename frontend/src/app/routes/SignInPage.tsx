import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation, useNavigate } from "react-router";

import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { SignInForm } from "@/features/auth";

import styles from "./pages.module.css";

interface From {
  from?: string;
  required?: boolean;
}

export function Component() {
  const { t } = useTranslation();
  const { user, anonymous_allowed: anonymous } = useSession();
  const navigate = useNavigate();
  const state = (useLocation().state ?? {}) as From;
  usePageTitle(t("sign_in.title"));
  const back = state.from && state.from !== "/sign-in" ? state.from : "/";
  if (user) return <Navigate to={back} replace />;
  return (
    <div className={styles.centre}>
      <h1>{t("sign_in.title")}</h1>
      <p>{t(state.required ? "sign_in.required" : "sign_in.text")}</p>
      <div className={styles.stack}>
        <SignInForm onSignedIn={() => void navigate(back, { replace: true })} />
        {anonymous && !state.required && <Link to="/">{t("sign_in.without")}</Link>}
      </div>
    </div>
  );
}
