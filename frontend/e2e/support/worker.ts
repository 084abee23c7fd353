import { readdirSync, readFileSync } from "node:fs";

/** The processes that answer images for the server in `folder`. */
function workersOf(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        const settings = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        return command.includes("--queues=inference") && settings.includes(`DATA_DIR=${folder}`);
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}

/** Holds the workers still, as a machine that hangs would; its answer lets them go on. */
export function holdWorkers(folder: string): () => void {
  const pids = workersOf(folder);
  if (pids.length === 0) throw new Error("There is no worker to hold");
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  return () => {
    for (const pid of pids) process.kill(pid, "SIGCONT");
  };
}
