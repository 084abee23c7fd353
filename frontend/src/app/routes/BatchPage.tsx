import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";

import { isAuditor, useSession } from "@/api/session";
import type { Batch } from "@/api/types";
import { Page } from "@/components/Page";
import { AnalysisRows } from "@/features/analyses";
import { BatchView } from "@/features/batches";
import { batchDelete, batchesKey, batchQuery } from "@/features/batches/api";
import { useBatches } from "@/features/batches/BatchProvider";
import { errorText } from "@/lib/errorText";
import { formatMoment } from "@/lib/format";
import { ApiProblem } from "@/lib/problem";

import { SignedIn } from "../SignedIn";

import { NotFoundPage } from "./NotFoundPage";

export function Component() {
  const { id = "" } = useParams();
  return (
    <SignedIn>
      <OneBatch key={id} id={id} />
    </SignedIn>
  );
}

function OneBatch({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const { sending } = useBatches();
  const isSent = sending?.batch === id && sending.phase === "sending";
  const { data: batch, error } = useQuery(batchQuery(id, isSent));
  if (error instanceof ApiProblem && error.status === 404) return <NotFoundPage />;
  if (!batch) {
    return error ? (
      <Alert type="error" showIcon title={errorText(error, t)} />
    ) : (
      <Skeleton active />
    );
  }
  return (
    <Page
      title={batch.name || t("batches.unnamed")}
      lead={formatMoment(batch.created_at, i18n.language)}
      actions={<Actions batch={batch} isSent={isSent} />}
    >
      <BatchView batch={batch}>{(rows) => <AnalysisRows rows={rows} />}</BatchView>
    </Page>
  );
}

function Actions({ batch, isSent }: { batch: Batch; isSent: boolean }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const address = `/api/v1/batches/${batch.id}/results`;

  function ask() {
    modal.confirm({
      title: t("batches.delete_title", { count: batch.total }),
      content: t("batches.delete_text"),
      okText: t("batches.delete"),
      okButtonProps: { danger: true },
      cancelText: t("actions.cancel"),
      onOk: async () => {
        try {
          await batchDelete(batch.id);
          await navigate("/batches");
          await client.invalidateQueries({ queryKey: batchesKey });
        } catch (error) {
          void message.error(errorText(error, t));
        }
      },
    });
  }

  return (
    <>
      <Link to="/batches">{t("batches.all")}</Link>
      <Button href={`${address}.csv`} disabled={batch.total === 0} download>
        CSV
      </Button>
      <Button href={`${address}.json`} disabled={batch.total === 0} download>
        JSON
      </Button>
      {!isAuditor(user) && (
        <Button danger disabled={isSent} onClick={ask}>
          {t("batches.delete")}
        </Button>
      )}
    </>
  );
}
