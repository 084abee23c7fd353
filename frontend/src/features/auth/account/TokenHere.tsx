import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";

import type { SessionUser } from "@/api/types";
import { errorText } from "@/lib/errorText";

import { tokenCreate } from "../api";
import { scopesFor } from "../scopes";

const DAYS = 30;

interface TokenHereProps {
  user: SessionUser;
  onMade: (secret: string) => void;
}

/** A token for what the examples do, made in place: analyses only, for thirty days. */
export function TokenHere({ user, onMade }: TokenHereProps) {
  const { t } = useTranslation();
  const create = useMutation({
    mutationFn: () =>
      tokenCreate({
        name: t("programs.token_name"),
        scopes: scopesFor(user).filter((scope) => scope.startsWith("analyses:")),
        expires_in_days: DAYS,
      }),
    onSuccess: ({ token }) => {
      onMade(token);
    },
  });
  if (create.isSuccess) return <p role="status">{t("programs.token_made", { days: DAYS })}</p>;
  return (
    <>
      <Button
        loading={create.isPending}
        onClick={() => {
          create.mutate();
        }}
      >
        {t("programs.token_here")}
      </Button>
      {create.error && <Alert type="error" showIcon title={errorText(create.error, t)} />}
    </>
  );
}
