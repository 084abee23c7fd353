import { accounts } from "./accounts";
import { audit } from "./audit";
import { batches } from "./batches";
import { common } from "./common";
import { models } from "./models";
import { monitoring } from "./monitoring";
import { outcomes } from "./outcomes";
import { pages } from "./pages";
import { result } from "./result";
import { site } from "./site";
import { upload } from "./upload";

export const en = {
  ...common,
  ...accounts,
  upload,
  result,
  ...pages,
  models,
  site,
  monitoring,
  audit,
  ...outcomes,
  batches,
};
