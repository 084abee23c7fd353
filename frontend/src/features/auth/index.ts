export { startAfresh } from "./api";
export { AccountMenu } from "./components/AccountMenu";
export { IdleWatch } from "./components/IdleWatch";
export { SecondFactorNotice } from "./components/SecondFactorNotice";
export { SessionEnded } from "./components/SessionEnded";
export { SignInForm } from "./components/SignInForm";
