// What a newsroom does: finds out what there is, narrows results, reads a release, takes results along.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "./axe.mjs";
import { open, start, statusIs } from "./fixture.mjs";

const original = "<title>Harbour master report</title><h1>Harbour master report</h1><p>The lighthouse was painted again this year, said the harbour master.</p><script>document.title = 'hacked'</script>";

let service;
before(async () => (service = await start({ "report.html": original, "note.txt": "The lighthouse note says that nothing else was painted this year." })));
after(() => service.stop());

const query = (page) => new URL(page.url()).searchParams;

test("the start page says what can be searched and offers examples", async (t) => {
  const page = await open(t, service);
  assert.match(await page.locator(".intro").textContent(), /Search 25 policy releases from \d+ announcing bodies, published from 2019 to 2025/);
  const examples = page.locator(".examples a");
  assert.equal(await examples.count(), 3);
  await examples.first().click();
  await page.locator(".hit mark").first().waitFor();
  assert.equal(await page.locator(".intro").count(), 0);
  await page.goBack();
  await page.locator(".intro").waitFor();
  assert.match(await page.locator(".hit .snippet").first().textContent(), /^Yang Xiaoyan, Deputy Director/, "a first sentence, not a heading");
});

test("help and settings open everywhere, without scripts too", async (t) => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await open(t, service, "/release?id=zh/economy.txt", { javaScriptEnabled });
    await page.click("#help-button");
    await page.locator("#help a", { hasText: "NEAR/5" }).waitFor();
    await page.keyboard.press("Escape");
    assert.ok(!(await page.locator("#help").isVisible()));
    if (javaScriptEnabled) {
      await page.keyboard.press("?");
      assert.ok(await page.locator("#help").isVisible());
      assert.deepEqual(await violations(page), []);
    }
  }
});

test("all matches of a release unfold in its card", async (t) => {
  const page = await open(t, service, "/?q=exports+OR+containers+OR+report");
  const card = page.locator(".hit").first();
  const before = await card.locator(".hit-passage").count();
  const more = await card.locator(".more").textContent();
  await card.locator(".more a").click();
  await card.locator(".more").waitFor({ state: "detached" });
  const hidden = Number(/\d+/.exec(more)[0]);
  assert.equal(await card.locator(".hit-passage").count(), before + hidden);
});

test("a missing word is struck out below a heading of its own", async (t) => {
  const page = await open(t, service, "/?q=exports+robots");
  await page.locator("h2.group").first().waitFor();
  assert.ok((await page.locator(".missing s").count()) > 0);
});

test("a period is chosen by dragging, by two fields and by keys", async (t) => {
  const page = await open(t, service, "/?q=exports");
  const bars = page.locator(".bars li");
  const [from, to] = [await bars.nth(2).boundingBox(), await bars.nth(3).boundingBox()];
  await page.mouse.move(from.x + 2, from.y + 40);
  await page.mouse.down();
  await page.mouse.move(to.x + 2, to.y + 40, { steps: 4 });
  assert.match(await page.locator(".chosen").textContent(), /^2021–2022: 3$/);
  await page.mouse.up();
  await statusIs(page, "3 releases");
  assert.deepEqual([query(page).get("from"), query(page).get("to")], ["2021", "2022"]);
  assert.equal(await page.locator(".bars li").count(), 24, "a short period has months");
  await page.locator(".chips a", { hasText: "2021" }).click();
  await statusIs(page, "4 releases"); // The end of the period is left.
  await page.fill(".period [name=to]", "2019-12");
  await page.press(".period [name=to]", "Enter");
  await statusIs(page, "1 release");
  await page.goBack();
  assert.equal(await page.inputValue("#q"), "exports");
  await page.goto(`${service.origin}/?q=exports&from=soon`);
  assert.match(await page.locator(".problem").textContent(), /“soon” is not a date/);
  await page.locator(".bars a").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^2021: 1 release/);
});

test("every value of a facet can be found", async (t) => {
  const page = await open(t, service, "/values?name=issuer");
  assert.ok((await page.locator("#values li").count()) >= 5);
  await page.fill(".find [type=search]", "经济部");
  await page.press(".find [type=search]", "Enter");
  await page.locator("#values", { hasNotText: "Bureau" }).waitFor();
});

test("a search that finds nothing offers something", async (t) => {
  const page = await open(t, service, "/?q=containers&from=2010&to=2012");
  await statusIs(page, "Nothing found");
  assert.deepEqual(await page.locator(".no-results li").allTextContents(), ["Date × 5"]);
  await page.locator(".no-results a", { hasText: "Date" }).click();
  await statusIs(page, "5 releases");
});

test("going back from a release keeps the place in the results", async (t) => {
  const page = await open(t, service, "/?q=exports");
  const second = page.locator(".hit h3 a").nth(1);
  const href = await second.getAttribute("href");
  await second.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/release?**");
  await page.keyboard.press("Escape");
  await page.waitForURL("**/?q=exports");
  await page.waitForFunction((href) => document.activeElement.getAttribute("href") === href, href);
});

test("a typed query is kept when the reader pauses", async (t) => {
  const page = await open(t, service);
  await page.fill("#q", "robots");
  await statusIs(page, "1 release");
  await page.waitForTimeout(1700);
  await page.fill("#q", "containers");
  await statusIs(page, "5 releases");
  await page.goBack();
  await statusIs(page, "1 release");
  assert.equal(await page.inputValue("#q"), "robots");
});

test("collected passages become a document that can be sent", async (t) => {
  const page = await open(t, service, "/?q=flying+car");
  await page.locator(".keep").first().click();
  await page.locator(".keep[aria-pressed=true]", { hasText: "In quotes" }).waitFor();
  assert.equal(await page.locator("#quotes-count").textContent(), "1");
  await page.click("#quotes-link");
  await page.waitForURL("**/quotes?id=**");
  await page.locator(".quoted", { hasText: "flying car" }).waitFor();
  assert.deepEqual(await violations(page), []);
  const markdown = await page.request.get(new URL(await page.locator("a", { hasText: "Markdown" }).getAttribute("href"), page.url()).href);
  assert.match(await markdown.text(), /^> /);
  await page.locator("[data-remove]", { hasText: /^Remove$/ }).click();
  await page.waitForURL("**/quotes");
  assert.equal(await page.locator("#quotes-count").textContent(), "");
});

test("results are taken along as files and as a feed", async (t) => {
  const page = await open(t, service, "/?q=exports&from=2021&to=2022");
  await page.locator("button", { hasText: "Download" }).click();
  const address = async (name, list = 0) => {
    const link = page.locator("#take-along .menu").nth(list).locator("a", { hasText: name });
    return new URL(await link.getAttribute("href"), page.url()).href;
  };
  const csv = await (await page.request.get(await address("CSV"))).text();
  assert.equal(csv.trim().split("\n").filter((line) => /^\d+,/.test(line)).length, 3, csv);
  const figures = await (await page.request.get(await address("JSON", 1))).json();
  assert.equal(figures.total, 6, "the passages of the three releases");
  for (const list of [0, 1]) {
    const workbook = await page.request.get(await address("Excel", list));
    assert.match(workbook.headers()["content-type"], /spreadsheetml/);
    assert.equal((await workbook.body()).subarray(0, 2).toString(), "PK");
  }
  const feed = await page.request.get(await address("Atom", 2));
  assert.match(feed.headers()["content-type"], /^application\/atom\+xml/);
  assert.equal((await feed.text()).match(/<entry>/g).length, 3);
});

test("mentions over time have a chart and a table with the same numbers", async (t) => {
  const page = await open(t, service, "/?q=exports");
  await page.locator("a", { hasText: "Over time" }).click();
  await page.waitForURL("**/trend?**");
  await page.locator(".trend-form input[name=q]").nth(1).fill("schools");
  await page.locator("button", { hasText: "Show" }).click();
  await page.locator("polyline").nth(1).waitFor({ state: "attached" });
  const row = page.locator(".numbers tr", { hasText: "2022" });
  assert.equal((await row.textContent()).replace(/\s/g, ""), "202220");
  await row.locator("a").click();
  await statusIs(page, "2 releases");
});

test("the original opens without its scripts, and a failure is a page", async (t) => {
  const page = await open(t, service, "/?q=lighthouse+painted+harbour");
  await page.locator(".hit h3 a", { hasText: "Harbour master" }).click();
  const href = await page.locator("a.original").getAttribute("href");
  await page.goto(new URL(href, page.url()).href);
  assert.equal(await page.title(), "Harbour master report");
  page.errors.splice(0); // The browser reports the script that it did not run.
  await page.goto(`${service.origin}/no/such/page`);
  assert.equal(await page.locator("h1").textContent(), "There is no such page");
  await page.locator("a", { hasText: "start page" }).click();
  await page.locator(".intro").waitFor();
  page.errors.splice(0); // 404
});

test("the first page of results is small", async (t) => {
  const context = await service.browser.newContext();
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.enable");
  let bytes = 0;
  client.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(`${service.origin}/?q=exports`, { waitUntil: "networkidle" });
  await context.close();
  assert.ok(bytes < 60_000, `${bytes} bytes`);
  t.diagnostic(`${bytes} bytes with headers`);
});
