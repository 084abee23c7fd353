import { EllipsisOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App, Button, Dropdown, type MenuProps } from "antd";
import { useTranslation } from "react-i18next";

import type { User } from "@/api/types";
import { errorText } from "@/lib/errorText";

import { userUpdate } from "../api";

interface UserActionsProps {
  user: User;
  /** One's own account: somebody else has to deactivate it. */
  self: boolean;
  onRole: () => void;
  onLink: () => void;
  onChanged: () => void;
}

/** What a site admin may do with one account. */
export function UserActions({ user, self, onRole, onLink, onChanged }: UserActionsProps) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const update = useMutation({
    mutationFn: (active: boolean) => userUpdate(user.id, { is_active: active }),
    onSuccess: onChanged,
    onError: (error) => void message.error(errorText(error, t)),
  });

  function askDeactivate() {
    void modal.confirm({
      title: t("users.deactivate_title", { name: user.username }),
      content: t("users.deactivate_text"),
      okText: t("users.deactivate"),
      okButtonProps: { danger: true },
      cancelText: t("actions.cancel"),
      onOk: () => {
        update.mutate(false);
      },
    });
  }

  const activate = {
    key: "on",
    label: t("users.activate"),
    onClick: () => {
      update.mutate(true);
    },
  };
  const deactivate = {
    key: "off",
    label: t("users.deactivate"),
    danger: true,
    disabled: self,
    onClick: askDeactivate,
  };
  const items: MenuProps["items"] = user.is_active
    ? [
        {
          key: "role",
          label: t("users.change_role"),
          disabled: user.is_superuser,
          onClick: onRole,
        },
        { key: "link", label: t("users.new_link"), onClick: onLink },
        { type: "divider" },
        deactivate,
      ]
    : [activate];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight">
      <Button
        type="text"
        icon={<EllipsisOutlined />}
        loading={update.isPending}
        aria-label={`${t("users.column.actions")}: ${user.username}`}
      />
    </Dropdown>
  );
}
