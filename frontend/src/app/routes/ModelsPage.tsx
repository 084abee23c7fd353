import { useTranslation } from "react-i18next";

import { Page } from "@/components/Page";
import { ModelVersions } from "@/features/model-versions";

export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("models.title")} lead={t("models.lead")}>
      <ModelVersions />
    </Page>
  );
}
