import { WarningOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import type { Modality } from "@/lib/taxonomy";

import { flagText, gateFlags } from "./flags";
import styles from "./trust.module.css";

interface GateProps {
  predictions: Prediction[];
  onReveal: () => void;
}

/** Stands in the answer's place: why to doubt it, then the answer after one click. */
export function Gate({ predictions, onReveal }: GateProps) {
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
        <Button onClick={onReveal}>{t("result.gate.reveal")}</Button>
        <InlineHelp label={t("actions.why")} title={t("result.gate.title")}>
          {t("result.gate.why")}
        </InlineHelp>
        <strong>{t("research_use")}</strong>
      </p>
    </section>
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
