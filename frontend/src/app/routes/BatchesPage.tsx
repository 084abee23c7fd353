import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { BatchList, NewBatch } from "@/features/batches";

import { SignedIn } from "../SignedIn";

export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  const navigate = useNavigate();
  return (
    <SignedIn>
      <Page title={t("batches.title")} lead={t("batches.lead")}>
        {!isAuditor(user) && <NewBatch onBegun={(id) => void navigate(`/batches/${id}`)} />}
        <BatchList />
      </Page>
    </SignedIn>
  );
}
