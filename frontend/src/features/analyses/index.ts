export { analysisKey, analysisQuery, shareOpen } from "./api";
export { AnalysesList } from "./components/AnalysesList";
export { AnalysisRows } from "./components/AnalysisRows";
export { ExamPair } from "./components/ExamPair";
export { ResultSkeleton } from "./components/ResultSkeleton";
export { ResultView } from "./components/ResultView";
export type { Placing } from "./trust/rightFields";
export { keepOwnPictures, needsOwnPictures } from "./ownPictures";
