import { useMutation } from "@tanstack/react-query";
import { Alert, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Role, User } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { roleOf } from "@/lib/roles";

import { userUpdate } from "../api";

import { RoleChoice } from "./RoleChoice";

interface RoleDialogProps {
  user: User;
  onChanged: () => void;
  onClose: () => void;
}

export function RoleDialog({ user, onChanged, onClose }: RoleDialogProps) {
  const { t } = useTranslation();
  const [role, setRole] = useState<string>(roleOf(user));
  const update = useMutation({
    mutationFn: () => userUpdate(user.id, { roles: [role as Role] }),
    onSuccess: onChanged,
  });
  return (
    <Modal
      open
      title={t("users.role_of", { name: user.username })}
      okText={t("users.role_save")}
      okButtonProps={{ disabled: role === roleOf(user) }}
      cancelText={t("actions.cancel")}
      confirmLoading={update.isPending}
      onOk={() => {
        update.mutate();
      }}
      onCancel={onClose}
    >
      <RoleChoice value={role} onChange={setRole} />
      {update.error && (
        <Alert type="error" showIcon role="alert" title={errorText(update.error, t)} />
      )}
    </Modal>
  );
}
