import { Alert, Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { errorText } from "@/lib/errorText";
import { MODALITIES } from "@/lib/taxonomy";

import { useBatches } from "../BatchProvider";
import type { LeftOut, Plan } from "../plan";

import styles from "./Batches.module.css";

interface PlanViewProps {
  plan: Plan;
  onBegun: (batch: string) => void;
  onForget: () => void;
}

/** What would be sent and what would not, before anything is. */
export function PlanView({ plan, onBegun, onForget }: PlanViewProps) {
  const { t } = useTranslation();
  const { begin } = useBatches();
  const id = useId();
  const [name, setName] = useState("");
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({
    busy: false,
    error: null,
  });
  const count = plan.cases.length;

  async function send() {
    setState({ busy: true, error: null });
    try {
      onBegun(await begin(plan, name));
    } catch (error) {
      setState({ busy: false, error });
    }
  }

  return (
    <section className={styles.plan} aria-labelledby={`${id}-title`} data-testid="batch-plan">
      <h2 id={`${id}-title`}>{t("batches.found", { count })}</h2>
      {count > 0 && <Planned plan={plan} />}
      {plan.leftOut.length > 0 && <LeftOutList leftOut={plan.leftOut} />}
      <div className={styles.send}>
        {count > 0 && (
          <div className={styles.name}>
            <label htmlFor={`${id}-name`}>{t("batches.name")}</label>
            <Input
              id={`${id}-name`}
              value={name}
              maxLength={64}
              placeholder={t("batches.name_hint")}
              onChange={(event) => {
                setName(event.target.value);
              }}
            />
          </div>
        )}
        {count > 0 && (
          <Button type="primary" loading={state.busy} onClick={() => void send()}>
            {t("batches.send", { count })}
          </Button>
        )}
        <Button onClick={onForget}>{t("batches.other_files")}</Button>
      </div>
      {state.error !== null && <Alert type="error" showIcon title={errorText(state.error, t)} />}
    </section>
  );
}

function Planned({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  return (
    // A list that scrolls is reached by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul className={styles.planned} tabIndex={0} aria-label={t("batches.cases")}>
      {plan.cases.map(({ label, images }, index) => (
        <li key={index}>
          <span className={styles.label} title={label}>
            {label || t("result.unlabelled")}
          </span>
          <span className={styles.kinds}>
            {MODALITIES.filter((modality) => images[modality])
              .map((modality) => t(`modalities.${modality}.name`))
              .join(t("analyses.separator"))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function LeftOutList({ leftOut }: { leftOut: readonly LeftOut[] }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="warning"
      showIcon
      data-testid="batch-left-out"
      title={t("batches.left_out", { count: leftOut.length })}
      description={
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ul className={styles.leftOut} tabIndex={0}>
          {leftOut.map(({ name, why }, index) => (
            <li key={index}>
              <strong>{name || t("result.unlabelled")}</strong>: {t(`batches.left_out_why.${why}`)}
            </li>
          ))}
        </ul>
      }
    />
  );
}
