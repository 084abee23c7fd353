import { Alert, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { FoundFile } from "@/lib/drops";

import { planOf, Unreadable } from "../archive";
import { useBatches } from "../BatchProvider";
import type { Plan } from "../plan";

import { BatchDrop } from "./BatchDrop";
import styles from "./Batches.module.css";
import { PlanView } from "./PlanView";

type State =
  | { phase: "idle" }
  | { phase: "reading" }
  | { phase: "unreadable"; error: unknown }
  | { phase: "planned"; plan: Plan };

/** Takes a ZIP, a table with files, or a folder; shows what it would send; sends it when told to. */
export function NewBatch({ onBegun }: { onBegun: (batch: string) => void }) {
  const { t } = useTranslation();
  const { sending } = useBatches();
  const [state, setState] = useState<State>({ phase: "idle" });
  const busy = sending !== null && sending.phase !== "done";

  async function take(found: FoundFile[]) {
    if (found.length === 0) return;
    setState({ phase: "reading" });
    try {
      setState({ phase: "planned", plan: await planOf(found) });
    } catch (error) {
      setState({ phase: "unreadable", error });
    }
  }

  if (busy) return <Alert type="info" showIcon title={t("batches.one_at_a_time")} />;
  if (state.phase === "planned") {
    return (
      <PlanView
        plan={state.plan}
        onBegun={onBegun}
        onForget={() => {
          setState({ phase: "idle" });
        }}
      />
    );
  }
  return (
    <>
      <Spin spinning={state.phase === "reading"}>
        <BatchDrop onFiles={(found) => void take(found)} />
      </Spin>
      {state.phase === "unreadable" && <Trouble error={state.error} />}
      <HowItIsRead />
    </>
  );
}

function Trouble({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const why = error instanceof Unreadable ? error.why : "broken_zip";
  const columns = error instanceof Unreadable ? error.detail : "";
  return (
    <Alert
      type="error"
      showIcon
      data-testid="batch-unreadable"
      title={t(`batches.unreadable.${why}.what`)}
      description={t(`batches.unreadable.${why}.remedy`, { columns })}
    />
  );
}

function HowItIsRead() {
  const { t } = useTranslation();
  return (
    <ul className={styles.how}>
      <li>
        {t("batches.how.names")} <code>N-17_2d.png, N-17_cdfi.png, N-17_elastography.png</code>
      </li>
      <li>
        {t("batches.how.folders")} <code>N-17/2d.png, N-17/cdfi.png</code>
      </li>
      <li>
        {t("batches.how.table")} <code>case_label,image_2d,image_cdfi,image_elastography</code>
      </li>
    </ul>
  );
}
