import { DownloadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "@/components/Page";
import { AuditLog, EVERYTHING, exportUrl } from "@/features/audit";

import { ForRole } from "../ForRole";

export function Component() {
  const { t } = useTranslation();
  const [question, setQuestion] = useState(EVERYTHING);
  return (
    <ForRole may="read_audit">
      <Page
        title={t("audit.title")}
        lead={t("audit.lead")}
        actions={
          <Button icon={<DownloadOutlined />} href={exportUrl(question)} download="audit.csv">
            {t("audit.export")}
          </Button>
        }
      >
        <AuditLog question={question} onChange={setQuestion} />
      </Page>
    </ForRole>
  );
}
