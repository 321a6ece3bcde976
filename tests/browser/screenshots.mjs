// Takes pictures of the main views: `node screenshots.mjs FOLDER [ADDRESS]`. Without the address of a running service,
// the views are those of the releases of the tests. QUERY and CHINESE_QUERY set the queries. Prints the views that are
// wider than the window.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { start } from "./fixture.mjs";

const [folder = "screenshots", address] = process.argv.slice(2);
const q = `q=${encodeURIComponent(process.env.QUERY ?? "exports")}`;
const chinese = `q=${encodeURIComponent(process.env.CHINESE_QUERY ?? "低空经济")}`;

/** Path of each view, or what to do on the page of results. */
const VIEWS = {
  start: "/",
  results: `/?${q}`,
  filtered: `/?${q}&from=2021&to=2022&sort=date`,
  nothing: `/?${q}&from=1901&to=1902`,
  chinese: `/?${chinese}`,
  release: async (page) => page.locator(".hit h3 a").first().click(),
  filters: async (page) => page.locator(".to-filters").click({ timeout: 2000 }).catch(() => {}),
  help: async (page) => page.click("#help-button"),
  cite: async (page) => page.locator(".actions a[href^=cite]").first().click(),
  files: async (page) => page.locator(".extras > button").click(),
  trend: `/trend?${q}&q=schools`,
  quotes: async (page) => {
    await page.locator(".keep").first().click();
    await page.click("#quotes-link");
  },
  failure: "/no/such/page",
};

/** Windows in which each view is taken. */
const SETTINGS = [
  { width: 1280, colorScheme: "light", ui: "en" },
  { width: 1280, colorScheme: "dark", ui: "en" },
  { width: 1280, colorScheme: "light", ui: "zh" },
  { width: 375, colorScheme: "light", ui: "en" },
  { width: 375, colorScheme: "dark", ui: "zh-Hant" },
  { width: 320, colorScheme: "light", ui: "en" },
];

mkdirSync(folder, { recursive: true });
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
const service = address ? { origin: address.replace(/\/$/, ""), browser: await chromium.launch({ executablePath, args }) } : await start();
for (const { width, colorScheme, ui } of SETTINGS) {
  const context = await service.browser.newContext({ locale: "en-US", colorScheme, viewport: { width, height: 900 }, hasTouch: width < 600 });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  for (const [name, view] of Object.entries(VIEWS)) {
    const path = typeof view === "string" ? view : `/?${q}`;
    await page.goto(`${service.origin}${path}${path.includes("?") ? "&" : "?"}ui=${ui}`);
    if (typeof view === "function") await view(page);
    await page.waitForTimeout(500);
    const file = `${name}-${width}-${colorScheme}-${ui}.png`;
    await page.screenshot({ path: join(folder, file) });
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    if (scrollWidth > width) console.log(`${file} is ${scrollWidth} pixels wide`);
  }
  await context.close();
}
await (service.stop ?? (() => service.browser.close()))();
