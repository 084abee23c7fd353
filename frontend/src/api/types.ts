/** Short names for the generated types: the words of the project. */
export type {
  AnalysisOutput as Analysis,
  AnalysisStateEnum as AnalysisState,
  CaseAnswerOutput as CaseAnswer,
  ModelCardOutput as ModelCard,
  ModelVersionOutput as ModelVersion,
  PredictionOutput as Prediction,
  ReasonOutput as Finding,
  SessionOutput as Session,
  TimingsOutput as Timings,
  TokenOutput as Token,
} from "./generated";
