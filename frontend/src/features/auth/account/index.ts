export { PasswordPanel } from "./PasswordPanel";
export { RolePanel } from "./RolePanel";
export { SecondFactorPanel } from "./SecondFactorPanel";
export { TokensPanel } from "./TokensPanel";
export { TokenHere } from "./TokenHere";
