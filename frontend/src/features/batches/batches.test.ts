import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { File as WholeFile } from "node:buffer"; // jsdom's can't be read in parts
import { describe, expect, it } from "vitest";

import { ApiProblem, NetworkLost } from "@/lib/problem";
import { pauseAfter } from "@/lib/retrying";
import { anAnalysis } from "@/testing/fixtures";

import { planOf } from "./archive";
import { BrokenFile, caseKey, planByNames, type PlannedCase } from "./plan";
import { sendAll, type Sent, type SendingOptions } from "./sending";

const file = (path: string, text = "x") => ({ path, file: new File([text], path) });
const lazy = (path: string) => ({ path, read: () => Promise.resolve(new Blob(["x"])) });
const shape = (cases: readonly PlannedCase[]) =>
  cases.map(({ label, images }) => [label, Object.keys(images).sort().join(" ")]);

describe("what is found in files", () => {
  it("groups them by name, or by folder", () => {
    const names = ["N-17_2d.png", "N-17_CDFI.jpg", "b/N 9/elasto.dcm", "b/N 9/b-mode.png", "a.png"];
    const plan = planByNames(names.map(lazy));
    expect(shape(plan.cases)).toEqual([
      ["N-17", "2d cdfi"],
      ["N 9", "2d elastography"],
    ]);
    expect(plan.leftOut).toEqual([{ name: "a.png", why: "no_kind" }]);
  });

  it("takes no second image of a kind, no label that is too long and no case too many", () => {
    const many = Array.from({ length: 1001 }, (_, index) => lazy(`N-${index}_2d.png`));
    const plan = planByNames([...many, lazy("N-1_gray.png"), lazy(`${"x".repeat(65)}_2d.png`)]);
    expect(plan.cases).toHaveLength(1000);
    expect(plan.leftOut.map(({ why }) => why)).toEqual(["twice", "long_label", "too_many"]);
  });

  it("follows a table, and leaves a line out whole when one of its files is not there", async () => {
    const csv =
      "\ufeffCase_Label, image_2d ,image_cdfi\nN-1,one.png,\n\nN-2,two.png,gone.png\nN-3,,\n";
    const plan = await planOf([file("x/cases.csv", csv), file("x/one.png"), file("x/two.png")]);
    expect(shape(plan.cases)).toEqual([["N-1", "2d"]]);
    expect(plan.leftOut).toEqual([
      { name: "N-2: gone.png", why: "missing" },
      { name: "N-3", why: "no_file" },
    ]);
  });

  it("opens a ZIP and reads a file of it when it is wanted", async () => {
    const zip = new ZipWriter(new Uint8ArrayWriter());
    await zip.add("N-1/2d.png", new TextReader("pixels"));
    await zip.add("__MACOSX/N-1/._2d.png", new TextReader("rubbish"));
    const archive = new WholeFile([await zip.close()], "cases.zip") as unknown as File;
    const plan = await planOf([{ path: "cases.zip", file: archive }]);
    expect(shape(plan.cases)).toEqual([["N-1", "2d"]]);
    expect(await (await plan.cases[0]?.images["2d"]?.read())?.text()).toBe("pixels");
  });

  it.each([
    [[file("a.zip", "no zip at all")], "broken_zip"],
    [[file("a.csv", "one,two\n1,2\n")], "bad_table"],
    [[file("a.csv"), file("b.csv")], "several_tables"],
    [[file("readme.txt")], "nothing"],
  ])("says why it can make nothing of it", async (found, why) => {
    await expect(planOf(found)).rejects.toMatchObject({ why });
  });
});

describe("sending", () => {
  const cases = ["N-1", "N-2", "N-3"].map((label) => ({
    label,
    images: { "2d": lazy(`${label}.png`) },
  }));
  const waiting = cases.map((): Sent => ({ state: "waiting" }));
  const impatient: typeof pauseAfter = (...args) => {
    const pause = pauseAfter(...args);
    pause?.now();
    return pause;
  };

  function options(send: SendingOptions["send"], sent: readonly Sent[] = waiting) {
    const states = sent.map(({ state }) => state);
    const asked: SendingOptions = {
      batch: "b",
      cases,
      sent,
      onSent: (index, { state }) => {
        states[index] = state;
      },
      onPause: () => undefined,
      checkSession: () => Promise.resolve(),
      signal: new AbortController().signal,
      send,
      pause: impatient,
    };
    return { asked, states };
  }

  it("goes on after a refused case and a damaged file", async () => {
    const { asked, states } = options((_, { label }) => {
      if (label === "N-1") return Promise.reject(new ApiProblem(422, "invalid", "no image"));
      if (label === "N-2") return Promise.reject(new BrokenFile("N-2.png"));
      return Promise.resolve(anAnalysis());
    });
    await sendAll(asked);
    expect(states).toEqual(["refused", "refused", "taken"]);
  });

  it("tries again after a lost connection and a full queue, and sends nothing that was taken", async () => {
    const labels: string[] = [];
    const failures = [new NetworkLost(), new ApiProblem(503, "queue_full", "full", {}, 1)];
    const { asked, states } = options(
      (_, { label }) => {
        labels.push(label);
        const failure = failures.shift();
        return failure ? Promise.reject(failure) : Promise.resolve(anAnalysis());
      },
      [{ state: "taken" }, { state: "waiting" }, { state: "waiting" }],
    );
    await sendAll(asked);
    expect(labels).toEqual(["N-2", "N-2", "N-2", "N-3"]);
    expect(states).toEqual(["taken", "taken", "taken"]);
  });

  it("stops where going on makes no sense, and keeps what waits", async () => {
    const { asked, states } = options(() =>
      Promise.reject(new ApiProblem(401, "not_authenticated", "sign in")),
    );
    await expect(sendAll(asked)).rejects.toMatchObject({ status: 401 });
    expect(states).toEqual(["waiting", "waiting", "waiting"]);
  });

  it("has one key a case, the same whenever the files are dropped again", () => {
    const keys = cases.map((one) => caseKey("b", one));
    expect(new Set(keys).size).toBe(3);
    expect(cases.map((one) => caseKey("b", { ...one }))).toEqual(keys);
    expect(caseKey("other", cases[0] as PlannedCase)).not.toBe(keys[0]);
    expect(keys[0]).toMatch(/^[!-~]{1,128}$/);
  });
});
