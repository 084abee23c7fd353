import { Alert } from "antd";
import { useTranslation } from "react-i18next";

import { refusalText } from "../refusals";

import styles from "./ReasonDialog.module.css";

/** Why the server said no, what to do, and its own sentence. */
export function RefusalNote({ error }: { error: Error }) {
  const { t } = useTranslation();
  const { what, remedy, detail } = refusalText(error, t);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={what}
      description={
        remedy && (
          <div className={styles.refusal}>
            <p>{remedy}</p>
            {detail && (
              <small>
                {t("models.server_says")} <q lang="en">{detail}</q>
              </small>
            )}
          </div>
        )
      }
    />
  );
}
