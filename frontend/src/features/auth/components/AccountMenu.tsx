import { DownOutlined, UserOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import { errorText } from "@/lib/errorText";

import { useSignOut } from "../api";

import styles from "./AccountMenu.module.css";

/** Sign in, or the account with its pages and sign-out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const signOut = useSignOut();
  if (!user) {
    return (
      <Button type="text" onClick={() => void navigate("/sign-in", { state: { from: pathname } })}>
        {t("nav.sign_in")}
      </Button>
    );
  }
  const items = [
    { key: "account", label: t("nav.account"), onClick: () => void navigate("/account") },
    { key: "programs", label: t("nav.programs"), onClick: () => void navigate("/programs") },
    { type: "divider" as const },
    {
      key: "out",
      label: t("nav.sign_out"),
      onClick: () => {
        signOut.mutate(undefined, { onError: (error) => void message.error(errorText(error, t)) });
      },
    },
  ];
  return (
    <>
      {isAuditor(user) && <span className={styles.reads}>{t("nav.reads_only")}</span>}
      <Dropdown menu={{ items }} trigger={["click"]}>
        <Button
          type="text"
          icon={<UserOutlined />}
          aria-label={`${t("nav.account")}: ${user.username}`}
        >
          <span className={styles.name}>{user.username}</span> <DownOutlined />
        </Button>
      </Dropdown>
    </>
  );
}
