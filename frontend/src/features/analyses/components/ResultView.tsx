import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/api/session";
import type { Analysis, Prediction } from "@/api/types";
import { MODALITIES } from "@/lib/taxonomy";

import { useOwnPictures } from "../ownPictures";
import { isTerminal } from "../polling";
import { isGated } from "../trust/flags";
import { Gate } from "../trust/Gate";
import type { Placing } from "../trust/rightFields";

import { CaseAnswer } from "./CaseAnswer";
import { ResultHeader } from "./ResultHeader";
import styles from "./ResultView.module.css";
import { Room } from "./Room";
import { useSpokenState } from "./useSpokenState";

interface ResultViewProps {
  analysis: Analysis;
  /** Stands in the answer's place while that is withheld. */
  firstRead: ReactNode;
  /** What people say of the case, once it has ended and nothing is withheld. */
  outcome: ReactNode;
  onDeleted: () => void;
  onResend?: (placings: Placing[]) => Promise<void>;
}

/** The whole result; the same boxes from queued to answered. */
export function ResultView({ analysis, firstRead, outcome, onDeleted, onResend }: ResultViewProps) {
  const predictions = inOrder(analysis.predictions);
  const [revealed, setRevealed] = useState(false);
  const { gate_policy: policy } = useSession();
  const gated = policy !== "beside" && !analysis.withheld && !revealed && isGated(analysis);
  const hidden = analysis.withheld ? "read" : gated ? "gate" : null;
  useSpokenState(analysis, gated);
  return (
    <div className={styles.result} data-testid="result" data-state={analysis.state}>
      <ResultHeader analysis={analysis} onDeleted={onDeleted} />
      <div className={styles.answer}>
        {hidden === "read" && firstRead}
        {hidden === "gate" && (
          <Gate
            predictions={predictions}
            onResend={onResend}
            onReveal={() => {
              setRevealed(true);
            }}
          />
        )}
        {!hidden && <CaseAnswer analysis={{ ...analysis, predictions }} />}
      </div>
      {hidden !== "read" &&
        (isTerminal(analysis.state) && !hidden ? outcome : <div className={styles.outcomePlace} />)}
      <Room predictions={predictions} hidden={hidden} />
      {!analysis.images_kept && <NotKept predictions={predictions} />}
    </div>
  );
}

/** Where the site keeps no images: whose pictures these are, and how long. */
function NotKept({ predictions }: { predictions: Prediction[] }) {
  const { t } = useTranslation();
  const isOwn = useOwnPictures(predictions);
  return (
    <p className={styles.notKept} data-testid="images-not-kept">
      {t(isOwn ? "result.viewer.own_pictures" : "result.viewer.no_pictures")}
    </p>
  );
}

function inOrder(predictions: Prediction[]): Prediction[] {
  return [...predictions].sort(
    (a, b) => MODALITIES.indexOf(a.modality) - MODALITIES.indexOf(b.modality),
  );
}
