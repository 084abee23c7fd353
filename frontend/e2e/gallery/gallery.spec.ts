import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { join } from "node:path";

import { fakeApi } from "../support/fakeApi";

import { type GalleryScene, SCENES } from "./scenes";

const SHOTS = join(import.meta.dirname, "../../../artifacts/screenshots/gallery");
const EVERYTHING = process.env.GALLERY === "full";

interface Look {
  language: "en" | "zh";
  theme: "dark" | "light";
  width: number;
}

const WIDTHS = [1440, 834];
const LOOKS: Look[] = EVERYTHING
  ? (["en", "zh"] as const).flatMap((language) =>
      (["dark", "light"] as const).flatMap((theme) =>
        WIDTHS.map((width) => ({ language, theme, width })),
      ),
    )
  : [
      { language: "en", theme: "dark", width: 1440 },
      { language: "zh", theme: "light", width: 834 },
    ];

for (const look of LOOKS) {
  for (const [name, scene] of Object.entries(SCENES)) {
    // What needs no hand is shown at the other width by making the window narrower: one load less.
    const isNarrowed = EVERYTHING && !scene.act && !scene.clock;
    if (isNarrowed && look.width === WIDTHS[1]) continue;
    const { language, theme } = look;
    const widths = isNarrowed ? WIDTHS : [look.width];
    test(`${name} ${language} ${theme} ${widths.join(" and ")}`, async ({ page }) => {
      await open(page, scene, look);
      for (const width of widths) {
        if (width !== look.width) await resize(page, width);
        await page.screenshot({ path: join(SHOTS, `${name}-${language}-${theme}-${width}.png`) });
        expect(await graveViolations(page)).toEqual([]);
      }
    });
  }
}

async function open(page: Page, scene: GalleryScene, { language, theme, width }: Look) {
  await page.addInitScript(
    (choice) => {
      localStorage.setItem("language", choice.language);
      localStorage.setItem("theme", choice.theme);
    },
    { language, theme },
  );
  await page.setViewportSize(viewport(width));
  await page.emulateMedia({ reducedMotion: "reduce" });
  if (scene.clock) await page.clock.install();
  await fakeApi(page, scene);
  await page.goto(scene.path);
  await page.locator("main > *").first().waitFor();
  await page.waitForTimeout(300);
  await scene.act?.(page);
  await page.waitForTimeout(300);
}

async function resize(page: Page, width: number) {
  await page.setViewportSize(viewport(width));
  await page.waitForTimeout(300);
}

const viewport = (width: number) => ({ width, height: width > 1000 ? 900 : 1112 });

/** What axe calls serious or critical, with the elements. */
async function graveViolations(page: Page) {
  // Without a page of its own for the results, which only frames of other origins need: half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map((node) => [node.html, node.any[0]?.message])]);
}
