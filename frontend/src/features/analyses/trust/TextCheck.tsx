import { Button } from "antd";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import type { Prediction } from "@/api/types";
import { InlineHelp } from "@/components/InlineHelp";
import { formatPercent } from "@/lib/format";

import { burnedInPlaces } from "../viewer/burnedIn";
import { BurnedInSign } from "../viewer/BurnedInBoxes";

import styles from "./trust.module.css";

interface TextCheckProps {
  prediction: Prediction;
  /** Whether the image shows where. */
  boxes: boolean;
  onBoxes: () => void;
}

/** Where the attention of the image's own answer lies, and how far that answer rests on print. */
export function TextCheck({ prediction, boxes, onBoxes }: TextCheckProps) {
  const { t, i18n } = useTranslation();
  const sentences = textCheckSentences(prediction, t, i18n.language);
  if (sentences.length === 0) return null;
  return (
    <div data-testid={`text-check-${prediction.modality}`}>
      <p className={styles.remark}>
        {sentences.join(i18n.language === "zh" ? "" : " ")}{" "}
        <InlineHelp label={t("actions.why")} title={t("result.text_check.title")}>
          {t("result.text_check.why")}
        </InlineHelp>
      </p>
      <Found prediction={prediction} boxes={boxes} onBoxes={onBoxes} />
    </div>
  );
}

/** How many of each kind, with the line that marks them on the image. */
function Found({ prediction, boxes, onBoxes }: TextCheckProps) {
  const { t } = useTranslation();
  const found = burnedInPlaces(prediction, prediction);
  if (found.length === 0) return null;
  return (
    <p className={`${styles.remark} ${styles.found}`}>
      {found.map(({ kind, places }) => (
        <span key={kind}>
          <BurnedInSign kind={kind} />
          {t(`result.text_check.found.${kind}`, { number: places.length })}
        </span>
      ))}
      <Button type="link" size="small" onClick={onBoxes}>
        {t(boxes ? "result.text_check.hide" : "result.text_check.show")}
      </Button>
    </p>
  );
}

function textCheckSentences(
  { text_check: check, flags }: Prediction,
  t: TFunction,
  language: string,
) {
  if (!check) return [];
  if (check.state !== "done") return [t(`result.text_check.${check.state}`)];
  const percent = (share: number) => formatPercent(share, language);
  const { attention, reliance } = check;
  const sentences = [];
  if (attention) {
    const shares = { text: percent(attention.text), outside: percent(attention.outside_sector) };
    sentences.push(
      attention.region == null
        ? t("result.text_check.attention", shares)
        : t("result.text_check.attention_region", { ...shares, region: percent(attention.region) }),
    );
  }
  if (reliance == null) return [...sentences, t("result.text_check.nothing_found")];
  if (flags.some(({ code }) => code === "text_reliance")) return sentences; // the flag says it already
  return [...sentences, t("result.text_check.reliance", { percent: percent(reliance) })];
}
