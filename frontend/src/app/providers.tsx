import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { sessionQuery } from "@/api/session";
import { LiveRegion } from "@/components/LiveRegion";
import { ApiProblem } from "@/lib/problem";

import { ThemeProvider } from "./ThemeProvider";

/** A wrong request stays wrong; a lost network or a tired server may come back. */
function mayRetry(failures: number, error: Error): boolean {
  const final = error instanceof ApiProblem && error.status < 500;
  return !final && failures < 2;
}

/** 401 and 403 may mean that the session ended or its token changed in another tab: ask again who one is. */
function onError(error: Error): void {
  if (error instanceof ApiProblem && [401, 403].includes(error.status)) {
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { retry: mayRetry, staleTime: 10_000, networkMode: "always" } },
  });
}

const client = createQueryClient();

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={client}>
      <LiveRegion />
      <ThemeProvider>{children}</ThemeProvider>
    </QueryClientProvider>
  );
}
