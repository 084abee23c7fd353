import "@testing-library/jest-dom/vitest";

import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll } from "vitest";

import { startLanguage } from "@/i18n";

/** What jsdom lacks and Ant Design asks for. */
class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoObserver;
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as unknown as MediaQueryList;
URL.createObjectURL ??= () => "blob:test";
URL.revokeObjectURL ??= () => undefined;

configure({ asyncUtilTimeout: 5000 });

beforeAll(async () => {
  localStorage.setItem("language", "en");
  await startLanguage();
});

afterEach(() => {
  cleanup();
});

/** Preferences of one test are not those of the next. */
afterEach(() => {
  localStorage.clear();
});
