export { OwnFirstRead } from "./components/OwnFirstRead";
export { SiteSettings } from "./components/SiteSettings";
