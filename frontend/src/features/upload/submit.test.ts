import { delay, http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { csrfRemember } from "@/api/csrf";
import { ApiProblem, NetworkLost } from "@/lib/problem";
import { anAnalysis } from "@/testing/fixtures";

import { analysisSubmit, slotProblems, type SubmitOptions } from "./api";
import { draftReducer, emptyDraft, newImage } from "./draft";

const ADDRESS = "*/api/v1/analyses/";
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function aDraft() {
  const image = newImage(new File(["12345"], "Anna Smith 1961.png", { type: "image/png" }));
  let draft = draftReducer(emptyDraft(), { type: "placed", modality: "cdfi", image });
  draft = draftReducer(draft, {
    type: "inspected",
    id: image.id,
    inspection: { preview: null, format: "png", problem: null },
  });
  return draftReducer(draft, { type: "labelled", label: " N-17 " });
}

function options(change: Partial<SubmitOptions> = {}): SubmitOptions {
  return {
    draft: aDraft(),
    onProgress: () => undefined,
    onForbidden: () => Promise.resolve(),
    onRetry: () => undefined,
    signal: new AbortController().signal,
    delaysMs: [1, 1],
    ...change,
  };
}

describe("analysisSubmit", () => {
  it("sends image and label with key and CSRF token, and never the file's name", async () => {
    csrfRemember("the-token");
    const append = vi.spyOn(FormData.prototype, "append");
    let seen: { form: FormData; headers: Headers } | undefined;
    server.use(
      http.post(ADDRESS, async ({ request }) => {
        seen = { form: await request.formData(), headers: request.headers };
        return HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    const wanted = options();
    const analysis = await analysisSubmit(wanted);
    expect(analysis.id).toBe(anAnalysis().id);
    expect(seen?.form.get("case_label")).toBe("N-17");
    expect(append).toHaveBeenCalledWith("image_cdfi", expect.any(File), "cdfi");
    expect(seen?.headers.get("Idempotency-Key")).toBe(wanted.draft.key);
    expect(seen?.headers.get("X-CSRFToken")).toBe("the-token");
  });

  it("tries again after a lost connection, with the same key", async () => {
    const keys: (string | null)[] = [];
    server.use(
      http.post(ADDRESS, ({ request }) => {
        keys.push(request.headers.get("Idempotency-Key"));
        return keys.length < 3
          ? HttpResponse.error()
          : HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    let retries = 0;
    await analysisSubmit(options({ onRetry: () => (retries += 1) }));
    expect(retries).toBe(2);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  it("gives up with NetworkLost when the connection stays away", async () => {
    server.use(http.post(ADDRESS, () => HttpResponse.error()));
    await expect(analysisSubmit(options())).rejects.toBeInstanceOf(NetworkLost);
  });

  it("does not repeat what the server refused, and gives each reason to its slot", async () => {
    let calls = 0;
    const errors = { image_cdfi: [{ code: "truncated", detail: "The file ends too early." }] };
    server.use(
      http.post(ADDRESS, () => {
        calls += 1;
        return HttpResponse.json({ code: "invalid", detail: "…", errors }, { status: 422 });
      }),
    );
    const error = await analysisSubmit(options()).catch((reason: unknown) => reason);
    expect(calls).toBe(1);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(slotProblems(error as ApiProblem)).toEqual({ cdfi: errors.image_cdfi[0] });
  });

  it("fetches a fresh CSRF token once when the old one is refused", async () => {
    const tokens: (string | null)[] = [];
    server.use(
      http.post(ADDRESS, ({ request }) => {
        tokens.push(request.headers.get("X-CSRFToken"));
        return tokens.length < 2
          ? HttpResponse.json({ code: "permission_denied" }, { status: 403 })
          : HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    csrfRemember("old");
    await analysisSubmit(
      options({
        onForbidden: async () => {
          csrfRemember("new");
        },
      }),
    );
    expect(tokens).toEqual(["old", "new"]);
  });

  it("stops when asked to", async () => {
    server.use(
      http.post(ADDRESS, async () => {
        await delay(5000);
        return HttpResponse.json(anAnalysis());
      }),
    );
    const controller = new AbortController();
    const sent = analysisSubmit(options({ signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 20);
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
  });
});
