import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

import styles from "./NewPassword.module.css";

interface NewPasswordProps {
  /** Why the server refused the last one. */
  reasons: string[];
  onChange: () => void;
}

/** A new password, twice; form fields `password` and `repeat`. */
export function NewPassword({ reasons, onChange }: NewPasswordProps) {
  const { t } = useTranslation();
  const refused = reasons.length > 0;
  return (
    <>
      <Form.Item
        name="password"
        label={t("account.password_new")}
        extra={refused ? undefined : t("password_reason.rules")}
        rules={[{ required: true, message: t("sign_in.fill") }]}
        {...(refused && { validateStatus: "error", help: <Reasons reasons={reasons} /> })}
      >
        <Input.Password autoComplete="new-password" maxLength={256} onChange={onChange} />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t("account.password_repeat")}
        dependencies={["password"]}
        rules={[
          { required: true, message: t("sign_in.fill") },
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || value === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("account.password_differs"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={256} />
      </Form.Item>
    </>
  );
}

function Reasons({ reasons }: { reasons: string[] }) {
  return (
    <ul className={styles.reasons}>
      {reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
}
