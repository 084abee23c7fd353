import { accounts } from "./accounts";
import { common } from "./common";
import { models } from "./models";
import { pages } from "./pages";
import { result } from "./result";
import { upload } from "./upload";

export const en = { ...common, ...accounts, upload, result, ...pages, models };
