export { EVERYTHING, exportUrl } from "./api";
export { AuditLog } from "./components/AuditLog";
