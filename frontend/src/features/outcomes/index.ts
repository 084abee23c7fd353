export { FirstRead } from "./components/FirstRead";
export { OutcomeStrip } from "./components/OutcomeStrip";
