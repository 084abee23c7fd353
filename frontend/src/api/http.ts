import { ApiProblem, NetworkLost, problemFrom } from "@/lib/problem";

import { csrfToken } from "./csrf";
import { client } from "./generated/client.gen";
import { ofItsOwnAccord, seenNote } from "./presence";

/** Polls carry it: they show what is new, but do not keep a session open that nobody uses. */
const BACKGROUND = "X-Background";
/** Answers nobody too: whoever asks looks whether it was a person's (see `sessionQuery`). */
const SESSION = "/auth/session/";

/** The one configured client: same origin, CSRF token on writes, every failure an ApiProblem or NetworkLost. */
client.setConfig({ baseUrl: window.location.origin, credentials: "same-origin" });

client.interceptors.request.use((request) => {
  const token = csrfToken();
  if (request.method !== "GET" && token) request.headers.set("X-CSRFToken", token);
  if (request.method === "GET" && ofItsOwnAccord()) request.headers.set(BACKGROUND, "1");
  return request;
});

client.interceptors.response.use((response, request) => {
  const counts = !request.headers.has(BACKGROUND) && !request.url.endsWith(SESSION);
  if (counts && response.status !== 401) seenNote();
  return response;
});

client.interceptors.error.use((error, response) => {
  if (error instanceof DOMException && error.name === "AbortError") return error;
  // The generated types promise a response; there is none when the network failed.
  const answered = response as Response | undefined;
  if (!answered) return new NetworkLost();
  return problemFrom(answered.status, error, answered.headers.get("Retry-After"));
});

/** The body of a call made with `throwOnError: true`. */
export async function answer<T>(call: Promise<{ data: T }>): Promise<T> {
  return (await call).data;
}

export * from "./generated/sdk.gen";
export { ApiProblem, NetworkLost };
