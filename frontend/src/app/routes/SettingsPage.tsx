import { useTranslation } from "react-i18next";

import { Page } from "@/components/Page";
import { SiteSettings } from "@/features/site";

import { ForRole } from "../ForRole";

export function Component() {
  const { t } = useTranslation();
  return (
    <ForRole may="manage_users">
      <Page narrow title={t("site.title")} lead={t("site.lead")}>
        <SiteSettings />
      </Page>
    </ForRole>
  );
}
