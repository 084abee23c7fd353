import { DownloadOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import type { May, ModelCard } from "@/api/types";
import { SyntheticTag } from "@/components/SyntheticTag";
import { formatMoment } from "@/lib/format";

import { CheckPanel } from "./CheckPanel";
import { ModelCardView } from "./ModelCardView";
import { StateBadge } from "./StateBadge";
import { VersionActions } from "./VersionActions";
import { VersionComparisons } from "./VersionComparisons";
import { VersionEvents } from "./VersionEvents";
import styles from "./VersionPage.module.css";

/** One version: its card, what its check found, and for staff its history and what can be done with it. */
export function VersionPage({ card, may }: { card: ModelCard; may: May | undefined }) {
  return (
    <div className={styles.page}>
      <Header card={card} manage={may?.manage_models ?? false} />
      <div className={styles.columns}>
        <ModelCardView card={card} />
        <aside className={styles.aside}>
          <CheckPanel card={card} />
          {may?.read_model_records && (
            <>
              {card.modality !== "fusion" && <VersionComparisons candidate={card.id} />}
              <VersionEvents id={card.id} state={card.state} />
            </>
          )}
        </aside>
      </div>
    </div>
  );
}

function Header({ card, manage }: { card: ModelCard; manage: boolean }) {
  const { t } = useTranslation();
  return (
    <header className={styles.header}>
      <div className={styles.title}>
        <h1>
          {card.name}
          {card.synthetic && <SyntheticTag />}
        </h1>
        <p>
          <StateBadge state={card.state} />
          <span>{t(`modalities.${card.modality}.long`)}</span>
          <Origin card={card} />
          <a href={card.markdown} download={`${card.name}.md`}>
            <DownloadOutlined /> {t("models.download")}
          </a>
        </p>
        {card.synthetic && <p className={styles.synthetic}>{t("synthetic_explained")}</p>}
      </div>
      {manage && <VersionActions card={card} />}
    </header>
  );
}

function Origin({ card }: { card: ModelCard }) {
  const { t, i18n } = useTranslation();
  const moment = (iso: string) => formatMoment(iso, i18n.language);
  if (card.state === "active" && card.activated_at) {
    return <span>{t("models.since", { when: moment(card.activated_at) })}</span>;
  }
  if (card.retired_at) return <span>{t("models.retired", { when: moment(card.retired_at) })}</span>;
  const when = moment(card.created_at);
  return (
    <span>
      {card.uploaded_by
        ? t("models.brought_by", { when, name: card.uploaded_by })
        : t("models.brought", { when })}
    </span>
  );
}
