import { WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import type { Modality } from "@/lib/taxonomy";

import { flagText, gateFlags } from "./flags";
import { rightFields, type Placing } from "./rightFields";
import styles from "./trust.module.css";

interface GateProps {
  predictions: Prediction[];
  onReveal: () => void;
  /** Takes the images to a new analysis, each in its right field. */
  onResend?: (placings: Placing[]) => Promise<void>;
}

/** Stands in the answer's place: why to doubt it, then the answer after one click. */
export function Gate({ predictions, onReveal, onResend }: GateProps) {
  const { t, i18n } = useTranslation();
  return (
    <section className={styles.gate} aria-labelledby="gate" data-testid="gate">
      <h2 id="gate">
        <WarningOutlined /> {t("result.gate.title")}
      </h2>
      <ul>
        {reasons(predictions, t, i18n.language).map(([reason, modalities]) => (
          <li key={reason}>
            <span>
              {modalities.map((name) => t(`modalities.${name}.name`)).join(t("analyses.separator"))}
            </span>
            {reason}
          </li>
        ))}
      </ul>
      <p>
        {onResend && <Resend predictions={predictions} onResend={onResend} />}
        <Button onClick={onReveal}>{t("result.gate.reveal")}</Button>
        <InlineHelp label={t("actions.why")} title={t("result.gate.title")}>
          {t("result.gate.why")}
        </InlineHelp>
        <strong>{t("research_use")}</strong>
      </p>
    </section>
  );
}

/** Offered where the images look as if they had changed places. */
function Resend({ predictions, onResend }: Required<Pick<GateProps, "predictions" | "onResend">>) {
  const { t } = useTranslation();
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const placings = rightFields(predictions);
  if (!placings) return null;
  function start(found: Placing[]) {
    setState("busy");
    onResend(found).catch(() => {
      setState("failed");
    });
  }
  return (
    <>
      <Button
        type="primary"
        loading={state === "busy"}
        onClick={() => {
          start(placings);
        }}
      >
        {t("result.gate.resend")}
      </Button>
      {state === "failed" && <span role="alert">{t("result.gate.resend_failed")}</span>}
    </>
  );
}

/** Each reason once, with the images that it is about. */
function reasons(predictions: Prediction[], t: TFunction, language: string) {
  const found = new Map<string, Modality[]>();
  for (const prediction of predictions) {
    for (const flag of gateFlags(prediction)) {
      const text = flagText(flag, prediction, t, language);
      found.set(text, [...(found.get(text) ?? []), prediction.modality]);
    }
  }
  return [...found];
}
