import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import type { Analysis } from "@/api/types";
import { usePageTitle } from "@/components/usePageTitle";
import { analysisKey, keepOwnPictures, needsOwnPictures } from "@/features/analyses";
import { UploadForm } from "@/features/upload";
import type { Modality } from "@/lib/taxonomy";

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
        onAccepted={async (analysis, ownPictures) => {
          const own = needsOwnPictures(analysis) ? ownPictures() : {};
          keepOwnPictures(client, analysis, own);
          client.setQueryData(analysisKey(analysis.id), analysis);
          void client.invalidateQueries({ queryKey: ["analyses", "list"] });
          const pictures = await picturesLoaded(analysis, own);
          await navigate(`/analyses/${analysis.id}`, { viewTransition: true });
          pictures.length = 0; // held until here: only a picture that somebody holds is there at once
        }}
      />
    </SignedIn>
  );
}

const LONGEST_WAIT_MS = 2000;

/** The answer's page opens with its images in place; a slow or failed one is not waited for long. */
async function picturesLoaded(
  { predictions }: Analysis,
  own: Partial<Record<Modality, string>>,
): Promise<HTMLImageElement[]> {
  const pictures = predictions.flatMap(({ image, modality }) => {
    const src = own[modality] ?? image;
    return src ? [Object.assign(new Image(), { src })] : [];
  });
  const loads = pictures.map((picture) => picture.decode());
  const longest = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS));
  await Promise.race([Promise.allSettled(loads), longest]);
  return pictures;
}
