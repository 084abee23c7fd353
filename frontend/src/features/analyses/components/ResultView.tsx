import type { ReactNode } from "react";

import type { Analysis, Prediction } from "@/api/types";
import { MODALITIES } from "@/lib/taxonomy";

import { isTerminal } from "../polling";

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
}

/** The whole result; the same boxes from queued to answered. */
export function ResultView({ analysis, firstRead, outcome, onDeleted }: ResultViewProps) {
  const predictions = inOrder(analysis.predictions);
  useSpokenState(analysis);
  return (
    <div className={styles.result} data-testid="result" data-state={analysis.state}>
      <ResultHeader analysis={analysis} onDeleted={onDeleted} />
      <div className={styles.answer}>
        {analysis.withheld ? firstRead : <CaseAnswer analysis={{ ...analysis, predictions }} />}
      </div>
      {isTerminal(analysis.state) && !analysis.withheld && outcome}
      <Room predictions={predictions} withheld={analysis.withheld} />
    </div>
  );
}

function inOrder(predictions: Prediction[]): Prediction[] {
  return [...predictions].sort(
    (a, b) => MODALITIES.indexOf(a.modality) - MODALITIES.indexOf(b.modality),
  );
}
