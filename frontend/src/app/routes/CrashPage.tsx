import { Button } from "antd";
import { useTranslation } from "react-i18next";

import styles from "./pages.module.css";

/** What is left when a page threw an error. */
export function CrashPage() {
  const { t } = useTranslation();
  return (
    <div className={styles.centre} role="alert">
      <h1>{t("crash.title")}</h1>
      <p>{t("crash.text")}</p>
      <Button
        type="primary"
        onClick={() => {
          window.location.reload();
        }}
      >
        {t("crash.action")}
      </Button>
    </div>
  );
}
