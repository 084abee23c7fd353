export { AccountMenu } from "./components/AccountMenu";
export { SignInForm } from "./components/SignInForm";
export { TokenPanel } from "./components/TokenPanel";
