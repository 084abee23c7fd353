import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import { Page } from "@/components/Page";
import { AnalysesList } from "@/features/analyses";

import { SignedIn } from "../SignedIn";

export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <SignedIn>
      <Page title={t("analyses.title")} lead={user ? undefined : t("analyses.anonymous_note")}>
        <AnalysesList />
      </Page>
    </SignedIn>
  );
}
