import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import { usePageTitle } from "@/components/usePageTitle";
import { analysisKey } from "@/features/analyses/api";
import { UploadForm } from "@/features/upload";

import { SignedIn } from "../SignedIn";

export function Component() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { user } = useSession();
  usePageTitle(t("nav.new"));
  // The answer's page is loaded while the images are chosen: it opens without a pause.
  useEffect(() => {
    void import("./ResultPage");
  }, []);
  if (isAuditor(user)) return <Navigate to="/analyses" replace />; // reads what others sent
  return (
    <SignedIn>
      <UploadForm
        onAccepted={async (analysis) => {
          client.setQueryData(analysisKey(analysis.id), analysis);
          void client.invalidateQueries({ queryKey: ["analyses", "list"] });
          await navigate(`/analyses/${analysis.id}`);
        }}
      />
    </SignedIn>
  );
}
