import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { usePageTitle } from "@/components/usePageTitle";
import { analysisKey } from "@/features/analyses/api";
import { UploadForm } from "@/features/upload";

import { SignedIn } from "../SignedIn";

export function Component() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  usePageTitle(t("nav.new"));
  return (
    <SignedIn>
      <UploadForm
        onAccepted={(analysis) => {
          client.setQueryData(analysisKey(analysis.id), analysis);
          void client.invalidateQueries({ queryKey: ["analyses", "list"] });
          void navigate(`/analyses/${analysis.id}`);
        }}
      />
    </SignedIn>
  );
}
