import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import type { ModelCard } from "@/api/types";

import { possible, type Action } from "../actions";
import { CompareDialog } from "../comparison/CompareDialog";

import { DecisionDialog } from "./DecisionDialogs";
import styles from "./VersionActions.module.css";

/** What can be done with a version as it is now; each asks for a reason. */
export function VersionActions({ card }: { card: ModelCard }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Action | null>(null);
  const actions = possible(card);
  const close = () => {
    setOpen(null);
  };
  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        {actions.map((action) => (
          <Button
            key={action}
            type={action === "activate" ? "primary" : "default"}
            onClick={() => {
              setOpen(action);
            }}
          >
            {t(
              action === "activate" && card.activated_at
                ? "models.activate.again"
                : `models.${action}.action`,
            )}
          </Button>
        ))}
      </div>
      <WhyNot card={card} />
      {open === "compare" && (
        <CompareDialog
          version={card}
          onClose={close}
          onStarted={(id) => void navigate(`/models/comparisons/${id}`)}
        />
      )}
      {open && open !== "compare" && <DecisionDialog kind={open} version={card} onClose={close} />}
    </div>
  );
}

/** Why the one thing that is usually wanted is not offered. */
function WhyNot({ card }: { card: ModelCard }) {
  const { t } = useTranslation();
  const state = card.state ?? "uploaded";
  if (state === "checked") return null;
  return <p className={styles.why}>{t(`models.why_not.${state}`)}</p>;
}
