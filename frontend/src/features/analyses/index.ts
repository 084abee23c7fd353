export { analysisKey, analysisQuery } from "./api";
export { AnalysesList } from "./components/AnalysesList";
export { ResultSkeleton } from "./components/ResultSkeleton";
export { ResultView } from "./components/ResultView";
