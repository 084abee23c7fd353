import { SwapOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Analysis } from "@/api/types";
import { formatMoment, formatPercent } from "@/lib/format";
import { topClass } from "@/lib/taxonomy";

import { examsQuery } from "../api";

/** The other exams under this label, each one click from a comparison; nothing where there are none. */
export function ExamsMenu({ analysis }: { analysis: Analysis }) {
  const { t, i18n } = useTranslation();
  const exams = useQuery(examsQuery(analysis.case_label, analysis.owner)).data ?? [];
  const others = exams.filter(({ id }) => id !== analysis.id);
  if (others.length === 0) return null;
  const answerOf = ({ case_answer: answer }: Analysis) => {
    if (!answer) return "–";
    const top = topClass(answer.probabilities);
    return `${t(`classes.${top}`)} ${formatPercent(answer.probabilities[top], i18n.language)}`;
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: others.map((other) => ({
          key: other.id,
          label: (
            <Link to={`/compare/${analysis.id}/${other.id}`}>
              {formatMoment(other.created_at, i18n.language)} · {answerOf(other)}
            </Link>
          ),
        })),
      }}
    >
      <Button type="text" icon={<SwapOutlined />}>
        {t("exams.compare")}
      </Button>
    </Dropdown>
  );
}
