import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { answer, monitoringRetrieve } from "@/api/http";

export const MONTHS = [3, 12, 36] as const;
export const TRUTHS = ["pathology", "verdict"] as const;

export interface Question {
  months: (typeof MONTHS)[number];
  truth: (typeof TRUTHS)[number];
}

export function monitoringQuery(query: Question) {
  return queryOptions({
    queryKey: ["monitoring", query],
    queryFn: ({ signal }) => answer(monitoringRetrieve({ query, signal, throwOnError: true })),
    placeholderData: keepPreviousData, // the old figures stay until the new ones are there
  });
}

export const exportUrl = ({ months }: Question) =>
  `/api/v1/monitoring/answers.csv?months=${months}`;
