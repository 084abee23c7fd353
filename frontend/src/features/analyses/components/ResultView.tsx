import type { Analysis, Prediction } from "@/api/types";
import { MODALITIES } from "@/lib/taxonomy";

import { CaseAnswer } from "./CaseAnswer";
import { ResultHeader } from "./ResultHeader";
import styles from "./ResultView.module.css";
import { Room } from "./Room";
import { useSpokenState } from "./useSpokenState";

interface ResultViewProps {
  analysis: Analysis;
  onDeleted: () => void;
}

/** The whole result; the same boxes from queued to answered. */
export function ResultView({ analysis, onDeleted }: ResultViewProps) {
  const predictions = inOrder(analysis.predictions);
  useSpokenState(analysis);
  return (
    <div className={styles.result} data-testid="result" data-state={analysis.state}>
      <ResultHeader analysis={analysis} onDeleted={onDeleted} />
      <div className={styles.answer}>
        <CaseAnswer analysis={{ ...analysis, predictions }} />
      </div>
      <Room predictions={predictions} />
    </div>
  );
}

function inOrder(predictions: Prediction[]): Prediction[] {
  return [...predictions].sort(
    (a, b) => MODALITIES.indexOf(a.modality) - MODALITIES.indexOf(b.modality),
  );
}
