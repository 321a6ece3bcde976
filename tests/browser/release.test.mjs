// A whole release: its matches stepped through, the way back, and texts that try to be markup.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { found, open, start } from "./fixture.mjs";

let served;
before(async () => (served = await start()));
after(() => served.stop());

test("matches are marked and stepped through, round and round", async (t) => {
  const page = await open(t, served, "/?q=flying+car");
  await page.locator(".hit", { hasText: "charging" }).locator("h3 a").click();
  await page.locator("#at", { hasText: "/ 3" }).waitFor();
  const now = () => page.locator("mark[aria-current]").textContent();
  assert.equal(await page.locator("#at").textContent(), "2 / 3", "it begins at the passage that was chosen");
  await page.click("#next");
  assert.equal(await now(), "flying cars");
  await page.click("#next");
  assert.equal(await page.locator("#at").textContent(), "1 / 3");
  await page.click("#previous");
  assert.equal(await page.locator("#at").textContent(), "3 / 3");
  assert.ok(await page.locator("mark[aria-current]").isVisible());
  assert.equal(await page.locator(".release h2").textContent(), "Municipal Development and Reform Commission: 22 New Champions");
  assert.equal(await page.locator("dd a").getAttribute("href"), "https://example.org/industry?a=1&b=2");
});

test("back are the results that one came from", async (t) => {
  const page = await open(t, served, "/");
  await page.fill("#q", "exports");
  await found(page, "10 passages");
  await page.locator(".facet a", { hasText: "Bureau of Commerce" }).click();
  await found(page, "4 passages in 2 releases");
  await page.locator(".hit h3 a").first().click();
  await page.waitForURL("**/release?**");
  await page.goBack();
  await found(page, "4 passages in 2 releases");
  await page.locator(".hit h3 a").first().click();
  await page.waitForURL("**/release?**");
  await page.click("#back");
  await found(page, "4 passages in 2 releases");
  assert.equal(await page.inputValue("#q"), "exports");
});

test("a new query from a release leads to its results", async (t) => {
  const page = await open(t, served, "/release?id=zh/economy.txt");
  await page.fill("#q", "robots");
  await page.press("#q", "Enter");
  await found(page, "1 passage");
});

test("a release that there is not", async (t) => {
  const page = await open(t, served, "/release?id=none");
  assert.equal(await page.locator("h1").textContent(), "This did not work");
  assert.match(await page.locator("#results").textContent(), /"none"/);
  page.wrong.splice(0); // 404
});

test("no text is markup", async (t) => {
  const text = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">`;
  const page = await open(t, served, `/?q=harmless+${encodeURIComponent(text)}`);
  const seen = async (where) => {
    assert.match(await page.locator(where).first().textContent(), /<script>window\.hacked = 1<\/script><img src=x/);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator("main script, main img, main [onerror]").count(), 0);
  };
  await seen(".hit");
  await page.locator(".hit summary").first().click();
  assert.doesNotMatch(await page.locator("main").textContent(), /\u202E/);
  await page.fill("#q", `harmless ${text} " exports`);
  await page.locator(".facet a", { hasText: "Bureau" }).waitFor();
  await seen(".hit");
  await page.locator(".facet a", { hasText: "Ministry" }).click();
  await page.locator(".chosen a").first().waitFor();
  await seen(".chosen");
  await page.locator(".hit h3 a", { hasText: "Hostile" }).first().click();
  await page.waitForURL("**/release?**");
  await seen("h1");
  await seen(".passage");
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
});
