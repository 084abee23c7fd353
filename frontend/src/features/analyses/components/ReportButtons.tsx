import { FilePdfOutlined, PrinterOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/IconButton";

const REPORT_LANGUAGES: Record<string, string> = { en: "en", zh: "zh-hans" };

/** The case on one page of paper: as PDF in the page's language, or this page as it prints. */
export function ReportButtons({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const language = REPORT_LANGUAGES[i18n.language] ?? "en";
  return (
    <>
      <Button
        type="text"
        icon={<FilePdfOutlined />}
        href={`/api/v1/analyses/${id}/report.pdf?lang=${language}`}
        target="_blank"
        rel="noopener"
        title={t("result.report_explained")}
      >
        {t("result.report")}
      </Button>
      <IconButton
        label={t("result.print")}
        icon={<PrinterOutlined />}
        onClick={() => {
          window.print();
        }}
      />
    </>
  );
}
