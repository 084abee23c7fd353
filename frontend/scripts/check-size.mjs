// Initial JavaScript (entry and everything it imports statically) stays below 350 kB gzip.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 350;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

const gzipKb = (file) => gzipSync(readFileSync(new URL(file, dist))).length / 1000;

function collect(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) collect(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const initial = [...collect(entry)].map((key) => manifest[key].file);
const total = initial.reduce((sum, file) => sum + gzipKb(file), 0);
console.log(
  `Initial JavaScript: ${total.toFixed(1)} kB gzip of ${LIMIT_KB} kB (${initial.length} files)`,
);
if (total > LIMIT_KB) process.exit(1);
