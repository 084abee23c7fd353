import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const FRONTEND = join(import.meta.dirname, "../..");
const COMMITTED = join(import.meta.dirname, "generated");

function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

it("is what `npm run generate` makes of openapi.json", { timeout: 120_000 }, () => {
  const fresh = mkdtempSync(join(tmpdir(), "client-"));
  try {
    execFileSync(join(FRONTEND, "node_modules/.bin/openapi-ts"), {
      cwd: FRONTEND,
      env: { ...process.env, OPENAPI_OUT: fresh },
      stdio: "pipe",
    });
    expect(contents(fresh)).toEqual(contents(COMMITTED));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
});
