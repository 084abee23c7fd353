import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { ApiProblem } from "@/lib/problem";

import { ThemeProvider } from "./ThemeProvider";

/** A wrong request stays wrong; a lost network or a tired server may come back. */
function mayRetry(failures: number, error: Error): boolean {
  const final = error instanceof ApiProblem && error.status < 500;
  return !final && failures < 2;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: mayRetry, staleTime: 10_000, networkMode: "always" } },
  });
}

const client = createQueryClient();

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={client}>
      <ThemeProvider>{children}</ThemeProvider>
    </QueryClientProvider>
  );
}
