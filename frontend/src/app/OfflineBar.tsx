import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import styles from "./AppLayout.module.css";

function listen(notify: () => void) {
  window.addEventListener("online", notify);
  window.addEventListener("offline", notify);
  return () => {
    window.removeEventListener("online", notify);
    window.removeEventListener("offline", notify);
  };
}

/** Says that the network is gone, and that nothing is lost. */
export function OfflineBar() {
  const { t } = useTranslation();
  const online = useSyncExternalStore(listen, () => navigator.onLine);
  return (
    <div role="status" className={styles.offline} data-shown={!online || undefined}>
      {online ? "" : t("offline")}
    </div>
  );
}
