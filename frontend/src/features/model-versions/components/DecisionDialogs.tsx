import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ModelVersion } from "@/api/types";
import { formatMoment } from "@/lib/format";

import { answeringQuery, modelCardQuery, useDecision, type DecisionKind } from "../api";
import { auditWarning } from "../mapAudit";

import { ReasonDialog } from "./ReasonDialog";

type Named = Pick<ModelVersion, "id" | "name" | "modality" | "synthetic">;

interface DialogProps {
  version: Named;
  onClose: () => void;
}

/** The dialog of one decision about a version. */
export function DecisionDialog({ kind, ...props }: DialogProps & { kind: DecisionKind }) {
  if (kind === "activate") return <ActivateDialog {...props} />;
  return <PlainDialog kind={kind} {...props} />;
}

/** Says which version stops answering, and asks why. */
export function ActivateDialog({ version, onClose }: DialogProps) {
  const { t, i18n } = useTranslation();
  const activate = useDecision("activate");
  const { data } = useQuery(answeringQuery(null));
  const { data: card } = useQuery(modelCardQuery(version.id));
  const warnings = [
    version.synthetic ? t("models.activate.synthetic") : "",
    card ? auditWarning(card, t) : "",
  ].filter(Boolean);
  const former = data?.versions[version.modality];
  const modality = t(`modalities.${version.modality}.name`);
  return (
    <ReasonDialog
      title={t("models.activate.title", { name: version.name })}
      action={t("models.activate.action")}
      warnings={warnings}
      busy={activate.isPending}
      error={activate.error}
      onClose={onClose}
      onSubmit={(reason) => {
        activate.mutate({ id: version.id, reason }, { onSuccess: onClose });
      }}
    >
      <p>
        {version.modality === "fusion"
          ? t("models.activate.text_fusion")
          : t("models.activate.text", { modality })}
      </p>
      <p data-testid="replaces">
        {former
          ? t("models.activate.replaces", {
              name: former.name,
              when: formatMoment(former.since, i18n.language),
            })
          : data &&
            (version.modality === "fusion"
              ? t("models.answering.none_fusion")
              : t("models.activate.replaces_none", { modality }))}
      </p>
    </ReasonDialog>
  );
}

function PlainDialog({ kind, version, onClose }: DialogProps & { kind: "retire" | "check" }) {
  const { t } = useTranslation();
  const decision = useDecision(kind);
  return (
    <ReasonDialog
      title={t(`models.${kind}.title`, { name: version.name })}
      action={t(`models.${kind}.action`)}
      danger={kind === "retire"}
      busy={decision.isPending}
      error={decision.error}
      onClose={onClose}
      onSubmit={(reason) => {
        decision.mutate({ id: version.id, reason }, { onSuccess: onClose });
      }}
    >
      <p>{t(`models.${kind}.text`)}</p>
    </ReasonDialog>
  );
}
