export { exportUrl, monitoringQuery, type Question } from "./api";
export { MonitoringView } from "./components/MonitoringView";
export { QuestionBar } from "./components/QuestionBar";
