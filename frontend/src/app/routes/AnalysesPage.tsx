import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import type { SessionUser } from "@/api/types";
import { Page } from "@/components/Page";
import { AnalysesList } from "@/features/analyses";

import { SignedIn } from "../SignedIn";

export function Component() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <SignedIn>
      <Page
        title={t(user?.may.read_everything ? "nav.all_analyses" : "analyses.title")}
        lead={leadFor(user, t)}
        actions={<Link to="/batches">{t("batches.all")}</Link>}
      >
        <AnalysesList />
      </Page>
    </SignedIn>
  );
}

function leadFor(user: SessionUser | null, t: TFunction): string | undefined {
  if (!user) return t("analyses.anonymous_note");
  return isAuditor(user) ? t("roles.auditor.may") : undefined;
}
