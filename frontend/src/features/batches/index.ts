export { BatchList } from "./components/BatchList";
export { BatchView } from "./components/BatchView";
export { NewBatch } from "./components/NewBatch";
