/** An error the server explained (RFC 9457 problem+json). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: Record<string, { code: string; detail: string }[]> = {},
    /** Seconds to wait before the next try, where the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = "ApiProblem";
  }
}

/** No answer came at all: offline, a dead server, a cut connection. */
export class NetworkLost extends Error {
  constructor() {
    super("The server cannot be reached.");
    this.name = "NetworkLost";
  }
}

interface ProblemBody {
  code?: unknown;
  detail?: unknown;
  errors?: unknown;
}

/** The problem in a response body, whatever its shape: proxies answer with HTML. */
export function problemFrom(status: number, body: unknown, retryAfter: string | null): ApiProblem {
  const known: ProblemBody = typeof body === "object" && body !== null ? body : {};
  return new ApiProblem(
    status,
    typeof known.code === "string" ? known.code : `http_${status}`,
    typeof known.detail === "string" ? known.detail : `HTTP ${status}`,
    typeof known.errors === "object" && known.errors !== null
      ? (known.errors as ApiProblem["errors"])
      : {},
    retryAfter === null || Number.isNaN(Number(retryAfter)) ? null : Number(retryAfter),
  );
}
