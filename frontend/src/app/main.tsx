import "./base.css";
import "./print.css";

import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";

import { startLanguage } from "@/i18n";
import { applyPalette } from "@/lib/palette";

import { Providers } from "./providers";
import { createRouter } from "./router";
import { storedTheme } from "./ThemeProvider";

async function start(): Promise<void> {
  applyPalette(storedTheme());
  await startLanguage();
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(
    <Providers>
      <RouterProvider router={createRouter()} />
    </Providers>,
  );
}

void start();
