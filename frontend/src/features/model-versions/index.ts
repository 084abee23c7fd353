export { modelCardQuery } from "./api";
export { ModelCardView } from "./components/ModelCardView";
export { ModelVersions } from "./components/ModelVersions";
