// Takes pictures of the main views: `node screenshots.mjs FOLDER [ADDRESS]`. Without the address of a running service,
// the views are those of the releases of the tests. Each view is taken at 1280 and 375 pixels, light and dark.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { start } from "./fixture.mjs";

const [folder = "screenshots", address] = process.argv.slice(2);
const words = process.env.QUERY ?? "exports";
const q = `q=${encodeURIComponent(words)}`;

/** Path of each view, or what to do on the page of results. */
const VIEWS = {
  start: "/",
  results: `/?${q}`,
  filtered: `/?${q}&from=2021&to=2022&sort=date`,
  nothing: `/?${q}&from=1901&to=1902`,
  chinese: `/?q=${encodeURIComponent("低空经济")}&ui=zh-Hant`,
  release: async (page) => page.locator(".hit h3 a").first().click(),
  filters: async (page) => page.locator(".to-filters").click({ timeout: 2000 }).catch(() => {}),
  help: async (page) => page.click("#help-button"),
  cite: async (page) => page.locator("a", { hasText: "Cite" }).first().click(),
  trend: `/trend?${q}&q=schools&ui=en`,
  quotes: async (page) => {
    await page.locator(".keep").first().click();
    await page.click("#quotes-link");
  },
  failure: "/no/such/page",
};

mkdirSync(folder, { recursive: true });
const service = address
  ? { origin: address.replace(/\/$/, ""), browser: await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: process.getuid() === 0 ? ["--no-sandbox"] : [] }) }
  : await start();
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 375]) {
    const context = await service.browser.newContext({ locale: "en-US", colorScheme, viewport: { width, height: 900 }, hasTouch: width < 600 });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    for (const [name, view] of Object.entries(VIEWS)) {
      await page.goto(service.origin + (typeof view === "string" ? view : `/?${q}&ui=en`));
      if (typeof view === "function") await view(page);
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
    }
    await context.close();
  }
}
await (service.stop ?? (() => service.browser.close()))();
