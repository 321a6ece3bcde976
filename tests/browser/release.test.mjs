// The page of a release: stepping through matches, going back, and hostile texts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, start, statusIs } from "./fixture.mjs";

let service;
before(async () => (service = await start()));
after(() => service.stop());

test("matches are highlighted and can be stepped through in a circle", async (t) => {
  const page = await open(t, service, "/?q=flying+car");
  await page.locator(".hit", { hasText: "charging" }).locator("h3 a").click();
  await page.locator("#match-position", { hasText: "/ 3" }).waitFor();
  const current = () => page.locator("mark[aria-current]").textContent();
  assert.equal(await page.locator("#match-position").textContent(), "2 / 3", "stepping starts at the passage of the link");
  await page.click("#next");
  assert.equal(await current(), "flying cars");
  await page.click("#next");
  assert.equal(await page.locator("#match-position").textContent(), "1 / 3");
  await page.click("#previous");
  assert.equal(await page.locator("#match-position").textContent(), "3 / 3");
  assert.ok(await page.locator("mark[aria-current]").isVisible());
  assert.equal(await page.locator(".release h2").textContent(), "Municipal Development and Reform Commission: 22 New Champions");
  assert.equal(await page.locator(".release dd a").getAttribute("href"), "https://example.org/industry?a=1&b=2");
});

test("both ways back lead to the same results", async (t) => {
  const page = await open(t, service, "/");
  await page.fill("#q", "exports");
  await statusIs(page, "10 passages");
  await page.locator(".facet a", { hasText: "Bureau of Commerce" }).click();
  await statusIs(page, "2 releases · 4 passages");
  await page.locator(".hit h3 a").first().click();
  await page.waitForURL("**/release?**");
  await page.goBack();
  await statusIs(page, "2 releases · 4 passages");
  await page.locator(".hit h3 a").first().click();
  await page.waitForURL("**/release?**");
  await page.click("#back");
  await statusIs(page, "2 releases · 4 passages");
  assert.equal(await page.inputValue("#q"), "exports");
});

test("a new query on the page of a release shows its results", async (t) => {
  const page = await open(t, service, "/release?id=zh/economy.txt");
  await page.fill("#q", "robots");
  await page.press("#q", "Enter");
  await statusIs(page, "1 passage");
});

test("an unknown release gets an error page", async (t) => {
  const page = await open(t, service, "/release?id=none");
  assert.equal(await page.locator("h1").textContent(), "There is no such release");
  await page.locator("summary", { hasText: "Details" }).click();
  assert.match(await page.locator("#results").textContent(), /"none"/);
  page.errors.splice(0); // 404
});

test("hostile texts are escaped", async (t) => {
  const text = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">`;
  const page = await open(t, service, `/?q=harmless+${encodeURIComponent(text)}`);
  const isEscapedIn = async (selector) => {
    assert.match(await page.locator(selector).first().textContent(), /<script>window\.hacked = 1<\/script>/);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator("main script, main img, main [onerror]").count(), 0);
  };
  await isEscapedIn(".hit");
  await page.locator(".hit [data-unfold=row]").first().click();
  await page.locator(".unfolded").first().waitFor();
  assert.doesNotMatch(await page.locator("main").textContent(), /\u202E/);
  await page.fill("#q", `harmless ${text} " OR exports`);
  await page.locator(".facet a", { hasText: "Bureau" }).waitFor();
  await isEscapedIn(".hit");
  await page.locator(".facet a", { hasText: "Ministry" }).click();
  await page.locator(".chips a").first().waitFor();
  await isEscapedIn(".chips");
  await page.locator(".hit h3 a", { hasText: "Hostile" }).first().click();
  await page.waitForURL("**/release?**");
  await isEscapedIn("h1");
  await isEscapedIn(".passage");
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
});
