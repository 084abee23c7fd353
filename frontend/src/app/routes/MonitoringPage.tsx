import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "@/components/Page";
import {
  exportUrl,
  monitoringQuery,
  MonitoringView,
  QuestionBar,
  type Question,
} from "@/features/monitoring";
import { errorText } from "@/lib/errorText";

import { ForRole } from "../ForRole";

export function Component() {
  return (
    <ForRole may="read_model_records">
      <MonitoringPage />
    </ForRole>
  );
}

function MonitoringPage() {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>({ months: 12, truth: "pathology" });
  const { data, error, isPending } = useQuery(monitoringQuery(question));
  return (
    <Page
      title={t("monitoring.title")}
      lead={t("monitoring.lead")}
      actions={
        <Button icon={<DownloadOutlined />} href={exportUrl(question)} download="answers.csv">
          {t("monitoring.export")}
        </Button>
      }
    >
      <QuestionBar question={question} onChange={setQuestion} />
      {isPending && <Skeleton active title={false} paragraph={{ rows: 12 }} />}
      {error && <Alert type="error" showIcon role="alert" title={errorText(error, t)} />}
      {data && <MonitoringView shown={data} />}
    </Page>
  );
}
