import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { en } from "./en";
import { zh } from "./zh";

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ""): Map<string, string> {
  const entries = Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === "string"
      ? [[prefix + key, value]]
      : [...flatten(value, `${prefix}${key}.`).entries()],
  );
  return new Map(entries);
}

const english = flatten(en);
const chinese = flatten(zh);
const placeholders = (text: string) => (text.match(/{{\w+}}/g) ?? []).sort();

/** Names that are the same in both languages. */
const SAME = new Set([
  "analyses.separator",
  "app",
  "modalities.cdfi.name",
  "monitoring.ece",
  "result.viewer.colormap.inferno",
  "site.language.en",
]);

const PLURAL = /(_ordinal)?_(one|two|few|other)$/;
const code = sources(join(import.meta.dirname, ".."))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

describe("wordings", () => {
  it("have the same keys in both languages, none empty", () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const text of [...english.values(), ...chinese.values()]) expect(text.trim()).not.toBe("");
  });

  it("are really Chinese in Chinese", () => {
    const left = [...chinese].filter(
      ([key, text]) => !SAME.has(key) && key !== "nav.language" && !/\p{Script=Han}/u.test(text),
    );
    expect(left).toEqual([]);
  });

  it("use no placeholder that English does not have", () => {
    for (const [key, text] of chinese) {
      const known = placeholders(english.get(key) ?? "");
      for (const placeholder of placeholders(text)) expect(known, key).toContain(placeholder);
    }
  });

  it("has every key that the code names, and no other", () => {
    const named = new Set(
      [...code.matchAll(/"([a-z_0-9]+(?:\.[\w-]+)*)"/g)].map((match) => match[1]),
    );
    const calls = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    const keys = [...english.keys()];
    const stems = keys.map((key) => key.replace(PLURAL, ""));
    expect(calls.length).toBeGreaterThan(80);
    for (const key of calls) expect([...keys, ...stems]).toContain(key);

    const composed = [...code.matchAll(/`([a-z_.]+)\.\$\{[^}]+\}([.\w]*)`/g)].map(
      ([, start = "", end = ""]) => new RegExp(`^${start}\\.[^.]+${end}$`),
    );
    const unused = keys.filter((key, index) => {
      const names = [key, stems[index] ?? key];
      return !names.some(
        (name) => named.has(name) || composed.some((pattern) => pattern.test(name)),
      );
    });
    expect(unused).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^i18n|generated/.test(name))
    .map((name) => join(folder, name));
}
