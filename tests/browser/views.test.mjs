// Every view: with and without scripts, in light and dark colours, on a phone, with a screen reader.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "./axe.mjs";
import { open, start, statusIs } from "./fixture.mjs";

let service;
before(async () => (service = await start()));
after(() => service.stop());

const VIEWS = {
  latest: "/",
  results: "/?q=flying+car",
  filtered: "/?q=exports&only=year%3D2022&only=lang%3Den&collapse=none",
  "results with a note": "/?q=exprots",
  nothing: "/?q=zzzzqqqq",
  Chinese: `/?q=${encodeURIComponent("低空经济")}&ui=zh`,
  release: "/release?id=guangzhou/industry.txt&q=flying+car",
  "Chinese release": `/release?id=tw/economy.txt&ui=zh&q=${encodeURIComponent("经济")}`,
  hostile: "/?q=harmless",
  "one of each text": "/?q=exports&collapse=near",
  similar: "/similar?id=trade/2021-1.txt%231&q=exports",
  "similar in Chinese": "/similar?id=zh/economy.txt%231&ui=zh",
  error: "/?page=0",
  start: "/?ui=zh-Hant",
  "all values": "/values?name=issuer&q=exports",
  citations: "/cite?id=trade/2021-1.txt%231&q=exports",
  context: "/context?id=trade/2021-1.txt%231&q=exports",
  "all matches of a release": "/more?id=trade/2021-1.txt&q=exports",
  "over time": "/trend?q=exports&q=robots&ui=en",
  quotes: "/quotes?id=trade/2021-1.txt%231&id=none%230",
};

for (const theme of ["light", "dark"]) {
  test(`axe finds no serious violation in ${theme} colours`, async (t) => {
    const page = await open(t, service, "/", { colorScheme: theme });
    for (const [name, path] of Object.entries(VIEWS)) {
      await page.goto(service.origin + path);
      for (const link of await page.locator(".hit-passage >> nth=0 >> [data-unfold=row]").all()) await link.click();
      assert.deepEqual(await violations(page), [], name);
    }
    page.errors.splice(0, 1); // 400
  });
}

test("the colours follow the system or the stored choice", async (t) => {
  const page = await open(t, service, "/", { colorScheme: "dark" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.click("#settings-button");
  await page.locator("#settings a", { hasText: "Light" }).click();
  await page.locator("[data-theme=light]").waitFor();
  assert.notEqual(await paper(), dark);
  await page.goto(`${service.origin}/release?id=zh/economy.txt`);
  assert.notEqual(await paper(), dark);
  await page.emulateMedia({ colorScheme: "light" });
  await page.click("#settings-button");
  await page.locator("#settings a", { hasText: "Dark" }).click();
  await page.locator("[data-theme=dark]").waitFor();
  assert.equal(await paper(), dark);
});

for (const width of [320, 375]) test(`every view fits a screen of ${width} pixels`, async (t) => {
  const page = await open(t, service, "/", { viewport: { width, height: 667 }, hasTouch: true });
  for (const [name, path] of Object.entries(VIEWS)) {
    await page.goto(service.origin + path);
    for (const summary of await page.locator("main summary").all()) await summary.click();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, name);
  }
  page.errors.splice(0); // 400
  await page.goto(`${service.origin}/?q=exports&ui=en`);
  assert.ok(!(await page.locator("#filters").isVisible()));
  await page.locator(".to-filters").click();
  await page.locator(".facet a", { hasText: "Bureau of Commerce" }).click();
  await statusIs(page, "4 passages");
  assert.ok(await page.locator("#filters").isVisible(), "the filters stay open");
  await page.locator("#show button", { hasText: "Show 2 results" }).click();
  assert.ok(!(await page.locator("#filters").isVisible()));
  assert.ok(await page.locator(".hit").first().isVisible());
});

test("every view works without scripts", async (t) => {
  const page = await open(t, service, "/", { javaScriptEnabled: false });
  await page.fill("#q", "flying car");
  await page.click("#search button");
  await statusIs(page, "1 release · 2 passages");
  await page.locator("a", { hasText: "In context" }).first().click();
  await page.locator(".context p", { hasText: "low-altitude" }).first().waitFor();
  await page.click("#back");
  await page.locator("a", { hasText: "Cite" }).first().click();
  await page.locator(".cite pre", { hasText: "Strategic industries" }).first().waitFor();
  await page.click("#back");
  assert.equal(await page.locator(".needs-script:visible").count(), 0);
  await page.locator(".hit h3 a").first().click();
  await page.locator(".release-bar a", { hasText: "First match" }).click();
  await page.locator(".passage:target mark").first().waitFor();
  await page.locator(".passage:target .next-match").click();
  await page.locator(".passage:target", { hasText: "charging" }).waitFor();
  await page.click("#back");
  await page.fill("#q", "exports");
  await page.press("#q", "Enter");
  await page.locator(".bars a", { hasText: "2022" }).click();
  await statusIs(page, "2 releases · 4 passages");
  await page.fill("#q", "containers");
  await page.press("#q", "Enter");
  await statusIs(page, "2 releases · 2 passages");
  await page.locator(".chips a", { hasText: "From" }).click();
  await page.locator(".chips a", { hasText: "To" }).click();
  await statusIs(page, "5 releases · 5 passages");
  await page.click("#settings-button");
  await page.locator("#settings a", { hasText: "简体中文" }).click();
  await statusIs(page, "5 篇新闻稿 · 5 段");
});

test("screen readers get names and roles", async (t) => {
  const page = await open(t, service, "/?q=flying+car");
  const tree = await page.locator("body").ariaSnapshot();
  for (const part of [
    "link \"Skip to results\"",
    "search:",
    "combobox \"Search policy releases\": flying car",
    "navigation \"Settings\"",
    "status:",
    "region \"Results\"",
    "heading \"Strategic industries exceed one trillion yuan\" [level=3]",
  ]) {
    assert.ok(tree.includes(part), `${part} in\n${tree}`);
  }
});
