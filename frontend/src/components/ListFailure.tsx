import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";

interface ListFailureProps {
  list: { error: Error | null; refetch: () => Promise<unknown> };
  title?: string;
}

/** Why a list could not be fetched, and the way to try again. */
export function ListFailure({ list: { error, refetch }, title }: ListFailureProps) {
  const { t } = useTranslation();
  if (!error) return null;
  const reason = errorText(error, t);
  return (
    <Alert
      type="error"
      showIcon
      title={title ?? reason}
      description={title && reason}
      action={<Button onClick={() => void refetch()}>{t("actions.retry")}</Button>}
    />
  );
}
