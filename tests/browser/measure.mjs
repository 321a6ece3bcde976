// Measures the search page of a running service: `node measure.mjs ADDRESS`. Prints the time from a key to the results
// that it brings, and the figures of the browser for the start page and for a page of results.

import { chromium } from "playwright-core";

const address = process.argv[2]?.replace(/\/$/, "");
if (!address) throw new Error("usage: node measure.mjs ADDRESS");

const TYPED = ["climate change", "minimum wage", "carbon tax", "student loans", "food safety"];
const KEY_DELAY_MS = 200; // about 60 words a minute

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = process.getuid() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const quantile = (times, share) => times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)];

const delays = [];
for (const text of TYPED) {
  await page.goto(`${address}/?q=exports`);
  await page.fill("#q", "");
  await page.evaluate(() => {
    window.delays = [];
    let typed;
    document.getElementById("q").addEventListener("input", () => (typed ??= performance.now()), true);
    // The event tells that the results are in the page; the second frame after it, that they are painted.
    document.addEventListener("passages", () => {
      const from = typed;
      typed = undefined;
      requestAnimationFrame(() => requestAnimationFrame(() => from && window.delays.push(performance.now() - from)));
    });
  });
  await page.locator("#q").pressSequentially(text, { delay: KEY_DELAY_MS });
  await page.waitForTimeout(1000);
  delays.push(...(await page.evaluate(() => window.delays)));
}
const [median, high] = [0.5, 0.95].map((share) => quantile(delays, share).toFixed(0));
console.log(`key to painted results: median ${median} ms, 95 % ${high} ms, ${delays.length} searches`);

for (const path of ["/", "/?q=climate+change"]) {
  await page.goto("about:blank");
  await page.goto(address + path, { waitUntil: "networkidle" });
  const figures = await page.evaluate(() => {
    const [{ responseStart, domContentLoadedEventEnd, loadEventEnd, encodedBodySize }] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const bytes = performance.getEntriesByType("resource").reduce((sum, { encodedBodySize }) => sum + encodedBodySize, encodedBodySize);
    return { responseStart, domContentLoadedEventEnd, loadEventEnd, firstContentfulPaint: paint?.startTime, bytes };
  });
  const milliseconds = (name) => `${name} ${figures[name]?.toFixed(0)} ms`;
  const times = ["responseStart", "firstContentfulPaint", "domContentLoadedEventEnd", "loadEventEnd"].map(milliseconds);
  console.log(`${path}: ${times.join(", ")}, ${(figures.bytes / 1024).toFixed(1)} KiB`);
}
await browser.close();
