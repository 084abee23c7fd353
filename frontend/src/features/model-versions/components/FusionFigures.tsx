import { useTranslation } from "react-i18next";

import type { ModelCard } from "@/api/types";
import { formatPercent } from "@/lib/format";

import styles from "./FusionFigures.module.css";
import tables from "./tables.module.css";

type Fusion = NonNullable<ModelCard["fusion"]>;

/** What a version that joins the modalities was fitted for, what it gains, and what it flags. */
export function FusionFigures({ fusion }: { fusion: Fusion }) {
  const { t, i18n } = useTranslation();
  const percent = (value: number) => formatPercent(value, i18n.language);
  const { conflict } = fusion;
  return (
    <section className={styles.fusion} data-testid="fusion-figures">
      <h3>{t("models.fusion.inputs")}</h3>
      <Inputs fusion={fusion} />
      <h3>{t("models.fusion.title")}</h3>
      <p className={styles.quiet}>{t("models.fusion.fitted", { source: fusion.fitted_on })}</p>
      <Gains fusion={fusion} />
      <h3>{t("models.fusion.conflict")}</h3>
      <p>
        {t("models.fusion.conflict_found", {
          count: conflict.contradictions,
          recall: percent(conflict.recall),
          ordinary: percent(conflict.flagged_ordinary),
        })}
      </p>
    </section>
  );
}

function Inputs({ fusion }: { fusion: Fusion }) {
  const { t } = useTranslation();
  return (
    <ul>
      {fusion.inputs.map(({ modality, name, is_active }) => (
        <li key={modality}>
          <span className={styles.quiet}>{t(`modalities.${modality}.name`)}</span> {name}
          {!is_active && (
            <em>{t("models.fusion.idle", { modality: t(`modalities.${modality}.name`) })}</em>
          )}
        </li>
      ))}
    </ul>
  );
}

const COLUMNS = ["modalities", "cases", "joined", "best", "difference"] as const;

function Gains({ fusion }: { fusion: Fusion }) {
  const { t } = useTranslation();
  return (
    <table className={tables.table}>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(`models.fusion.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fusion.gains.map(({ modalities, cases, joined_auc, best, best_auc, difference }) => (
          <tr key={modalities.join()}>
            <th scope="row">
              {modalities.map((name) => t(`modalities.${name}.name`)).join(" + ")}
            </th>
            <td>{cases}</td>
            <td>{joined_auc.toFixed(3)}</td>
            <td>
              {best_auc.toFixed(3)} <small>{t(`modalities.${best}.name`)}</small>
            </td>
            <td>
              {signed(difference.value)}
              {difference.low !== null && difference.high !== null && (
                <small>
                  {signed(difference.low)} – {signed(difference.high)}
                  {difference.low <= 0 && ` · ${t("models.fusion.not_shown")}`}
                </small>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
