import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Modal, Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import type { User } from "@/api/types";
import { CopyField } from "@/components/CopyField";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";

import { userInvite } from "../api";

import styles from "./users.module.css";

/** Makes a one-time link and shows it, to be handed over. */
export function LinkDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const { data: link, error } = useQuery({
    queryKey: ["user-link", user.id],
    queryFn: () => userInvite(user.id),
    staleTime: Infinity,
    gcTime: 0, // the link leaves with the dialog
  });
  return (
    <Modal
      open
      title={t("users.link_title", { name: user.username })}
      onCancel={onClose}
      footer={
        <Button type="primary" onClick={onClose}>
          {t("users.close")}
        </Button>
      }
    >
      <div className={styles.link} data-testid="user-link">
        {link ? (
          <>
            <CopyField text={window.location.origin + link.path} label={t("users.link")} />
            <p>
              {t("users.link_text", { when: formatMoment(link.expires_at, i18n.language) })}{" "}
              {user.has_password && t("users.link_reset")}
            </p>
          </>
        ) : error ? (
          <Alert type="error" showIcon title={errorText(error, t)} />
        ) : (
          <Skeleton active title={false} paragraph={{ rows: 3 }} />
        )}
      </div>
    </Modal>
  );
}
