import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { App } from "antd";
import { Suspense, type ReactNode } from "react";
import { MemoryRouter } from "react-router";

import { sessionQuery } from "@/api/session";
import type { Session } from "@/api/types";
import { LiveRegion } from "@/components/LiveRegion";

import { aSession } from "./fixtures";

interface Options {
  session?: Session;
  path?: string;
}

/** Renders with everything a page has around it; the session is already known. */
export function renderInApp(ui: ReactNode, { session = aSession(), path = "/" }: Options = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(sessionQuery.queryKey, session);
  const result = render(
    <QueryClientProvider client={client}>
      <App>
        <LiveRegion />
        <MemoryRouter initialEntries={[path]}>
          <Suspense>{ui}</Suspense>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
  return { ...result, client };
}
