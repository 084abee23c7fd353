import { useMutation } from "@tanstack/react-query";
import { Alert, Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";

import type { Role, User } from "@/api/types";
import { errorText } from "@/lib/errorText";
import { fieldErrors } from "@/lib/fieldErrors";
import { ApiProblem } from "@/lib/problem";

import { userCreate } from "../api";

import { RoleChoice } from "./RoleChoice";

interface Fields {
  username: string;
  email?: string;
  role: Role;
}

interface NewUserDialogProps {
  onMade: (user: User) => void;
  onClose: () => void;
}

export function NewUserDialog({ onMade, onClose }: NewUserDialogProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const create = useMutation({ mutationFn: userCreate, onSuccess: onMade });
  const { error } = create;
  const taken = error instanceof ApiProblem && error.code === "username_taken";
  const badName = fieldErrors(error, "username").length > 0;
  const badEmail = fieldErrors(error, "email").length > 0;
  const nameHelp = taken ? t("users.name_taken") : badName ? t("users.name_rule") : undefined;
  const said = taken || badName || badEmail;
  return (
    <Modal
      open
      title={t("users.new")}
      okText={t("users.create")}
      cancelText={t("actions.cancel")}
      confirmLoading={create.isPending}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={create.isPending}
        initialValues={{ role: "clinician" }}
        onValuesChange={create.reset}
        onFinish={({ username, email, role }) => {
          create.mutate({ username: username.trim(), email, roles: [role] });
        }}
      >
        <Form.Item
          name="username"
          label={t("users.name")}
          rules={[{ required: true, whitespace: true, message: t("sign_in.fill") }]}
          {...(nameHelp && { validateStatus: "error", help: nameHelp })}
        >
          <Input autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={150} />
        </Form.Item>
        <Form.Item
          name="email"
          label={t("users.email")}
          rules={[{ type: "email", message: t("users.email_rule") }]}
          {...(badEmail && { validateStatus: "error", help: t("users.email_rule") })}
        >
          <Input autoComplete="off" maxLength={254} />
        </Form.Item>
        <Form.Item name="role" label={t("users.role")}>
          <RoleChoice />
        </Form.Item>
        {error && !said && <Alert type="error" showIcon role="alert" title={errorText(error, t)} />}
      </Form>
    </Modal>
  );
}
