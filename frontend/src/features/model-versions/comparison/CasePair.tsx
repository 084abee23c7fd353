import { useTranslation } from "react-i18next";

import type { ComparisonCase } from "@/api/types";
import { ClassDifferenceRows } from "@/components/ClassDifferenceRows";
import { ClassGlyph } from "@/components/ClassGlyph";
import { formatMoment, formatPercent } from "@/lib/format";
import type { ClassName, Probabilities } from "@/lib/taxonomy";

import styles from "./Comparison.module.css";

/** Which map lies over the images: of each one's own answer, of one class, or none. */
export type MapChoice = ClassName | "own" | "none";

interface CasePairProps {
  item: ComparisonCase;
  map: MapChoice;
  candidate: string;
}

/** One image as the version that answered saw it and as the candidate sees it. */
export function CasePair({ item, map, candidate }: CasePairProps) {
  const { t, i18n } = useTranslation();
  const label = item.case_label || t("result.unlabelled");
  return (
    <article className={styles.case} aria-label={label} data-testid="compared-case">
      <header>
        <h3>{label}</h3>
        <span className={styles.quiet}>{formatMoment(item.created_at, i18n.language)}</span>
        {item.outcome && (
          <span data-testid="case-outcome">
            {t("pathology.title")}: <ClassGlyph name={item.outcome} />{" "}
            {t(`classes.${item.outcome}`)}
          </span>
        )}
        {item.changed && <span className={styles.flag}>{t("models.comparison.case_changed")}</span>}
      </header>
      <Side
        item={item}
        map={map}
        answer={item.answered}
        maps={item.cams.answered}
        title={item.answered.version.name}
        side="answered"
      />
      <Side
        item={item}
        map={map}
        answer={item.candidate}
        maps={item.cams.candidate}
        title={candidate}
        side="candidate"
      />
      <Numbers before={item.answered.probabilities} after={item.candidate?.probabilities ?? null} />
    </article>
  );
}

interface SideProps {
  item: ComparisonCase;
  map: MapChoice;
  answer: { class: ClassName; probabilities: Probabilities } | null;
  maps: Record<ClassName, string | null> | null;
  title: string;
  side: "answered" | "candidate";
}

function Side({ item, map, answer, maps, title, side }: SideProps) {
  const { t, i18n } = useTranslation();
  const shown = map === "own" ? (answer?.class ?? null) : map === "none" ? null : map;
  const url = shown && maps?.[shown];
  const className = shown ? t(`classes.${shown}`) : "";
  return (
    <figure className={styles.pane} data-testid={`pane-${side}`}>
      <div className={styles.stage}>
        <img
          src={url ? `${url}?style=overlay` : item.image}
          alt={url ? t("models.comparison.map_alt", { className, version: title }) : ""}
          loading="lazy"
          style={{ aspectRatio: `${item.width} / ${item.height}` }}
        />
        {shown && !url && answer && (
          <p className={styles.silent}>{t("models.comparison.nothing_speaks", { className })}</p>
        )}
      </div>
      <figcaption>
        <span className={styles.quiet}>
          {t(`models.comparison.${side}`)} · {title}
        </span>
        {answer ? (
          <strong>
            <ClassGlyph name={answer.class} /> {t(`classes.${answer.class}`)}{" "}
            {formatPercent(answer.probabilities[answer.class], i18n.language)}
          </strong>
        ) : (
          <strong className={styles.quiet}>
            {item.failure
              ? t("models.comparison.case_failed", { code: item.failure.code })
              : t("models.comparison.case_open")}
          </strong>
        )}
      </figcaption>
    </figure>
  );
}

function Numbers({ before, after }: { before: Probabilities; after: Probabilities | null }) {
  const { t } = useTranslation();
  return (
    <table className={styles.numbers}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("models.comparison.answered")}</th>
          <th scope="col">{t("models.comparison.candidate")}</th>
          <th scope="col">{t("models.comparison.points")}</th>
        </tr>
      </thead>
      <tbody>
        <ClassDifferenceRows before={before} after={after} />
      </tbody>
    </table>
  );
}
