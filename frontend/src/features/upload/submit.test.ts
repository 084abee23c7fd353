import { delay, http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { csrfRemember } from "@/api/csrf";
import { ApiProblem, NetworkLost } from "@/lib/problem";
import { pauseAfter, type Pause } from "@/lib/retrying";
import { anAnalysis } from "@/testing/fixtures";

import { analysisSubmit, sentShares, slotProblems, type SubmitOptions } from "./api";
import { draftReducer, emptyDraft, newImage, type Draft } from "./draft";
import { suggest } from "./sorting";

const ADDRESS = "*/api/v1/analyses/";
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function aDraft(): Draft {
  const file = new File(["12345"], "Anna Smith 1961.png", { type: "image/png" });
  const region = { x: 4, y: 5, width: 60, height: 70 };
  const suggestion = suggest({ fileName: "", colours: null, header: "cdfi" });
  const image = { ...newImage(file), frame: 7, frameCount: 25, region, suggestion };
  const draft = draftReducer(emptyDraft(), { type: "sorted", images: [{ image, problem: null }] });
  return draftReducer(draft, { type: "labelled", label: " N-17 " });
}

/** As the real one, without the waiting. */
const impatient: typeof pauseAfter = (...args) => {
  const pause = pauseAfter(...args);
  pause?.now();
  return pause;
};

function options(change: Partial<SubmitOptions> = {}): SubmitOptions {
  return {
    draft: aDraft(),
    onProgress: () => undefined,
    checkSession: () => Promise.resolve(),
    onPause: () => undefined,
    signal: new AbortController().signal,
    pause: impatient,
    ...change,
  };
}

describe("analysisSubmit", () => {
  it("sends image, label, frame and region with key and token, and never the file's name", async () => {
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
    expect(seen?.form.get("frame_cdfi")).toBe("7");
    expect(seen?.form.get("region_cdfi")).toBe("4,5,60,70");
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
    const pauses: Pause[] = [];
    await analysisSubmit(options({ onPause: (pause) => pauses.push(pause) }));
    expect(pauses.map(({ why }) => why)).toEqual(["lost", "lost"]);
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

  it("asks for a fresh CSRF token before each try", async () => {
    const tokens: (string | null)[] = [];
    server.use(
      http.post(ADDRESS, ({ request }) => {
        tokens.push(request.headers.get("X-CSRFToken"));
        return tokens.length < 2
          ? HttpResponse.json({ code: "csrf_failed" }, { status: 403 })
          : HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    let asked = 0;
    const checkSession = async () => {
      asked += 1;
      csrfRemember(`token ${asked}`);
    };
    await analysisSubmit(options({ checkSession }));
    expect(tokens).toEqual(["token 1", "token 2"]);
  });

  it("sends nothing when the session is over", async () => {
    const checkSession = () => Promise.reject(new Error("signed out"));
    await expect(analysisSubmit(options({ checkSession }))).rejects.toThrow("signed out");
  });

  it("waits as long as a full queue asks for, and goes on", async () => {
    let calls = 0;
    server.use(
      http.post(ADDRESS, () => {
        calls += 1;
        const headers = { "Retry-After": "10" };
        return calls < 2
          ? HttpResponse.json({ code: "queue_full" }, { status: 503, headers })
          : HttpResponse.json(anAnalysis(), { status: 202 });
      }),
    );
    let pause: Pause | undefined;
    const before = Date.now();
    await analysisSubmit(options({ onPause: (given) => (pause = given) }));
    expect(pause?.why).toBe("busy");
    expect(pause?.until).toBeGreaterThanOrEqual(before + 10_000);
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

describe("pauseAfter", () => {
  const { signal } = new AbortController();

  it("waits for the network where there is none", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const pause = pauseAfter(new NetworkLost(), 99, signal);
    expect(pause).toMatchObject({ why: "offline", until: null });
    window.dispatchEvent(new Event("online"));
    await pause?.over;
  });

  it("gives up after some tries, and at once where another can't help", () => {
    expect(pauseAfter(new NetworkLost(), 6, signal)).toBeNull();
    expect(pauseAfter(new ApiProblem(422, "upload_refused", ""), 1, signal)).toBeNull();
    expect(pauseAfter(new ApiProblem(500, "internal_error", ""), 1, signal)).toBeNull();
  });

  it("ends when the person stops it", async () => {
    const controller = new AbortController();
    const pause = pauseAfter(new NetworkLost(), 5, controller.signal);
    controller.abort();
    await expect(pause?.over).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("progress", () => {
  it("is told for each file: they leave one after the other", () => {
    const images = [100, 300].map((size) => ({
      image: newImage(new File(["x".repeat(size)], "x.png")),
      problem: null,
    }));
    const draft = draftReducer(emptyDraft(), { type: "sorted", images });
    expect(sentShares(draft, 0.125)).toEqual({ "2d": 0.5, cdfi: 0 });
    expect(sentShares(draft, 0.625)).toEqual({ "2d": 1, cdfi: 0.5 });
    expect(sentShares(draft, 1)).toEqual({ "2d": 1, cdfi: 1 });
  });
});
