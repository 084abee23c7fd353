export { modelCardQuery } from "./api";
export { comparisonQuery } from "./comparison/api";
export { ComparisonView } from "./comparison/ComparisonView";
export { AnsweringNow } from "./components/AnsweringNow";
export { HistoryList } from "./components/HistoryList";
export { UploadVersion } from "./components/UploadVersion";
export { VersionList } from "./components/VersionList";
export { VersionPage } from "./components/VersionPage";
