export { UploadForm } from "./components/UploadForm";
export { DraftProvider } from "./DraftProvider";
export { useResend } from "./useResend";
