import { useTranslation } from "react-i18next";

import type { upload } from "@/i18n/en/upload";

import type { SlotProblem } from "./draft";

type ProblemCode = keyof typeof upload.problems;

const CODES: readonly ProblemCode[] = [
  "unsupported_format",
  "not_an_image",
  "animated",
  "empty_file",
  "truncated",
  "corrupt",
  "no_pixel_data",
  "too_large",
  "too_many_pixels",
  "too_small",
  "too_complex",
  "frame_out_of_range",
  "frame_not_offered",
  "invalid_region",
  "region_outside",
  "region_too_small",
];

/** What is wrong with an image and what to do, in words; an unknown code shows the server's own sentence. */
export function useProblemText() {
  const { t } = useTranslation();
  return (problem: SlotProblem, side: number) => {
    const code = CODES.find((known) => known === problem.code) ?? "other";
    const what =
      code === "other" && problem.detail ? problem.detail : t(`upload.problems.${code}.what`);
    return { what, remedy: t(`upload.problems.${code}.remedy`, { side }) };
  };
}
