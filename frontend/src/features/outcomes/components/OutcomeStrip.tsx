import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { isAuditor, useSession } from "@/api/session";
import type { Analysis } from "@/api/types";
import { topClass } from "@/lib/taxonomy";

import { pathologyQuery, readingQuery } from "../api";

import { ClassWord } from "./ClassWord";
import styles from "./outcomes.module.css";
import { PathologyCell } from "./PathologyCell";
import { VerdictCell } from "./VerdictCell";

/** One thin row below the answer: one's own read, agree or override, and what pathology found. */
export function OutcomeStrip({ analysis }: { analysis: Analysis }) {
  const { t } = useTranslation();
  const changes = !isAuditor(useSession().user);
  const { data: reading } = useQuery(readingQuery(analysis.id));
  const { data: pathology } = useQuery(pathologyQuery(analysis.id));
  const answered = analysis.case_answer ? topClass(analysis.case_answer.probabilities) : null;
  return (
    <section className={styles.strip} aria-label={t("outcome.title")} data-testid="outcome">
      {reading?.read && (
        <div className={styles.cell} data-testid="own-read">
          <span className={styles.quiet}>{t("read.saved")}</span>
          <ClassWord name={reading.read.class} />
          <span className={styles.quiet}>{t(`read.${reading.read.confidence}`)}</span>
          {answered && (
            <span className={answered === reading.read.class ? styles.quiet : styles.differs}>
              {t(answered === reading.read.class ? "read.same" : "read.differs")}
            </span>
          )}
        </div>
      )}
      {reading && answered && (
        <VerdictCell id={analysis.id} answered={answered} reading={reading} changes={changes} />
      )}
      {pathology && <PathologyCell id={analysis.id} shown={pathology} changes={changes} />}
    </section>
  );
}
