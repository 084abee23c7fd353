import { execFileSync } from "node:child_process";

import { PYTHON } from "./liveServer";

const WITHIN_MS = 120_000;

/** What a reader's shell prints when an example is pasted into it. */
export const runInShell = (example: string, folder: string) =>
  execFileSync("bash", ["-euc", example], { cwd: folder, timeout: WITHIN_MS, encoding: "utf-8" });

/** What a Python example prints. */
export const runPython = (example: string, folder: string) =>
  execFileSync(PYTHON, ["-c", example], { cwd: folder, timeout: WITHIN_MS, encoding: "utf-8" });
