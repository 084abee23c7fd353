import { queryOptions } from "@tanstack/react-query";

import { answer, modelsList, modelsRetrieve } from "@/api/http";

export const modelVersionsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: async ({ signal }) => {
    const page = await answer(
      modelsList({ query: { page_size: 100 }, signal, throwOnError: true }),
    );
    return page.results;
  },
});

export function modelCardQuery(id: string) {
  return queryOptions({
    queryKey: ["models", id],
    queryFn: ({ signal }) => answer(modelsRetrieve({ path: { id }, signal, throwOnError: true })),
  });
}
