import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { SignInForm } from "@/features/auth";
import { WelcomeForm } from "@/features/auth/components/WelcomeForm";

import styles from "./pages.module.css";

type Stage = { name: "choose" } | { name: "dead" } | { name: "done"; username: string };

/** The other end of a one-time link: choose a password, then sign in with it. */
export function Component() {
  const { t } = useTranslation();
  const { uid = "", token = "" } = useParams();
  const { user } = useSession();
  const navigate = useNavigate();
  const [stage, setStage] = useState<Stage>({ name: "choose" });
  const title = {
    choose: t("welcome.title"),
    dead: t("welcome.dead_title"),
    done: t("welcome.done_title"),
  }[stage.name];
  usePageTitle(title);
  return (
    <div className={styles.centre}>
      <h1>{title}</h1>
      {stage.name === "choose" && (
        <>
          <p>
            {t("welcome.text")} {user && t("welcome.signed_in", { name: user.username })}
          </p>
          <WelcomeForm
            uid={uid}
            token={token}
            onChosen={(username) => {
              setStage({ name: "done", username });
            }}
            onDead={() => {
              setStage({ name: "dead" });
            }}
          />
        </>
      )}
      {stage.name === "dead" && (
        <>
          <p role="alert">{t("welcome.dead_text")}</p>
          <Link to="/sign-in">{t("nav.sign_in")}</Link>
        </>
      )}
      {stage.name === "done" && (
        <>
          <p role="status">{t("welcome.done_text", { name: stage.username })}</p>
          <SignInForm
            username={stage.username}
            onSignedIn={() => void navigate("/", { replace: true })}
          />
        </>
      )}
    </div>
  );
}
