import { DownOutlined, UserOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";

import { useSession } from "@/api/session";

import { useSignOut } from "../api";

/** Sign in, or the account with its token and sign-out. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
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
    { key: "token", label: t("nav.api_token"), onClick: () => void navigate("/account") },
    {
      key: "out",
      label: t("nav.sign_out"),
      onClick: () => {
        signOut.mutate(undefined, { onSuccess: () => void navigate("/") });
      },
    },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" icon={<UserOutlined />} aria-label={t("nav.account")}>
        {user.username} <DownOutlined />
      </Button>
    </Dropdown>
  );
}
