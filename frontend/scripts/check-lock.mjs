// The lock file names no registry host: it must work behind any mirror.
import { readFileSync } from "node:fs";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const hosted = Object.entries(lock.packages).filter(([, entry]) => "resolved" in entry);
if (hosted.length > 0) {
  console.error(`package-lock.json names a registry host for ${hosted.length} packages.`);
  process.exit(1);
}
