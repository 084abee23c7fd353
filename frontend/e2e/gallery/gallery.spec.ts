import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { join } from "node:path";

import { fakeApi } from "../support/fakeApi";

import { SCENES } from "./scenes";

const SHOTS = join(import.meta.dirname, "../../../artifacts/screenshots/gallery");
const EVERYTHING = process.env.GALLERY === "full";

const LOOKS = [
  { language: "en", theme: "dark", width: 1440 },
  { language: "zh", theme: "light", width: 834 },
  ...(EVERYTHING
    ? [
        { language: "en", theme: "light", width: 1440 },
        { language: "en", theme: "dark", width: 834 },
        { language: "en", theme: "light", width: 834 },
        { language: "zh", theme: "dark", width: 1440 },
        { language: "zh", theme: "light", width: 1440 },
        { language: "zh", theme: "dark", width: 834 },
      ]
    : []),
];

for (const { language, theme, width } of LOOKS) {
  for (const [name, scene] of Object.entries(SCENES)) {
    test(`${name} ${language} ${theme} ${width}`, async ({ page }) => {
      await page.addInitScript(
        (choice) => {
          localStorage.setItem("language", choice.language);
          localStorage.setItem("theme", choice.theme);
        },
        { language, theme },
      );
      await page.setViewportSize({ width, height: width > 1000 ? 900 : 1112 });
      await page.emulateMedia({ reducedMotion: "reduce" });
      if (scene.clock) await page.clock.install();
      await fakeApi(page, scene);
      await page.goto(scene.path);
      await page.locator("main > *").first().waitFor();
      await page.waitForTimeout(300);
      await scene.act?.(page);
      await page.waitForTimeout(300);
      await page.screenshot({ path: join(SHOTS, `${name}-${language}-${theme}-${width}.png`) });
      // Without a page of its own for the results, which only frames of other origins need: half the time.
      const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
      const { violations } = await axe.analyze();
      const grave = violations.filter(
        ({ impact }) => impact === "serious" || impact === "critical",
      );
      expect(
        grave.map(({ id, nodes }) => [id, nodes.map((node) => [node.html, node.any[0]?.message])]),
      ).toEqual([]);
    });
  }
}
