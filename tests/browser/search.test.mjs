// Searching: while typing, by filters, back and forth, with the keyboard alone, in Chinese, when something goes wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { found, open, start } from "./fixture.mjs";

let served;
before(async () => (served = await start()));
after(() => served.stop());

const query = (page) => new URL(page.url()).searchParams;

test("results come while somebody types, and once for what was typed", async (t) => {
  const page = await open(t, served);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.locator("#q").evaluate((box) => {
    for (const key of "flying car") {
      box.value += key;
      box.dispatchEvent(new InputEvent("input"));
    }
  });
  await found(page, "2 passages in 1 release");
  assert.equal(asked.filter((url) => url.includes("/?q=")).length, 1, asked.join(" "));
  assert.equal(query(page).get("q"), "flying car");
  assert.equal(await page.title(), "flying car – gz-search");
  const hit = page.locator(".hit", { hasText: "trial production" }).first();
  assert.deepEqual(await hit.locator(".snippet mark").allTextContents(), ["flying car"]);
  assert.match(await hit.locator(".headings").textContent(), /22 New Champions/);
  assert.equal(await hit.locator(".speaker").textContent(), "Yang Xiaoyan");
  assert.equal(await hit.locator("time").textContent(), "2025-12-17");
});

test("an answer that comes late never replaces a newer one", async (t) => {
  const page = await open(t, served);
  let release;
  const late = new Promise((resolve) => (release = resolve));
  await page.route("**/?q=robots", async (route) => {
    await late;
    await route.continue().catch(() => {}); // It has been cancelled.
  });
  const slow = page.waitForRequest("**/?q=robots");
  await page.fill("#q", "robots");
  await slow;
  const cancelled = page.waitForEvent("requestfailed");
  await page.fill("#q", "exports");
  await found(page, "10 passages in 5 releases");
  await cancelled;
  release();
  await page.waitForTimeout(100);
  assert.equal(await page.locator("#status").textContent(), "10 passages in 5 releases");
});

test("one query that is typed is one entry of the history", async (t) => {
  const page = await open(t, served);
  for (const text of ["exp", "exports", "exports by rail"]) {
    await page.fill("#q", text);
    await page.waitForURL((url) => url.searchParams.get("q") === text);
  }
  await page.press("#q", "Enter");
  await page.fill("#q", "robots");
  await found(page, "1 passage");
  await page.goBack();
  await page.locator("#status", { hasNotText: "1 passage" }).waitFor();
  assert.equal(await page.inputValue("#q"), "exports by rail");
  await page.goBack();
  await page.locator("h2", { hasText: "Latest releases" }).waitFor({ state: "attached" });
  assert.equal(await page.inputValue("#q"), "");
  await page.goForward();
  await page.locator(".hit mark").first().waitFor();
  assert.equal(await page.inputValue("#q"), "exports by rail");
});

test("filters narrow the results, are kept by a new query, and are taken back", async (t) => {
  const page = await open(t, served, "/?q=exports");
  const customs = page.locator(".facet a", { hasText: "General Administration of Customs" });
  assert.match(await customs.textContent(), /6$/);
  await customs.click();
  await found(page, "6 passages in 3 releases");
  assert.equal(query(page).get("only"), "issuer=General Administration of Customs");
  assert.equal(await page.evaluate(() => document.activeElement.ariaCurrent), "true", "the choice keeps the focus");
  assert.equal(await page.locator(".facet a", { hasText: "Bureau of Commerce" }).count(), 1, "another can be chosen");
  await page.locator(".years a", { hasText: "2022" }).click();
  await found(page, "2 passages in 1 release");
  await page.fill("#q", "containers");
  await found(page, "1 passage");
  assert.equal(query(page).getAll("only").length, 2);
  await page.locator(".chosen a", { hasText: "Remove all" }).click();
  await found(page, "5 passages in 5 releases");
  assert.equal(await page.locator(".chosen").count(), 0);
  await page.goBack();
  await found(page, "1 passage");
});

test("the chart has a bar for each year, as high as its matches are many", async (t) => {
  const page = await open(t, served, "/?q=exports");
  const bars = await page.locator(".years li").evaluateAll((items) =>
    items.map((item) => Number(item.querySelector("rect:last-child")?.getAttribute("height") ?? 0)),
  );
  assert.deepEqual(bars, [50, 0, 50, 100, 0, 50]);
  assert.deepEqual(await page.locator(".ends span").allTextContents(), ["2019", "2024"]);
});

test("order, grouping and pages", async (t) => {
  const page = await open(t, served, "/?q=schools");
  await found(page, "14 passages in 14 releases");
  await page.locator("#pages a[rel=next]").click();
  await page.locator("#pages", { hasText: "Page 2" }).waitFor();
  assert.equal(await page.locator(".hit").count(), 4);
  await page.locator(".order a", { hasText: "Newest first" }).click();
  await page.locator(".hit time", { hasText: "2020-09-14" }).waitFor();
  assert.equal(query(page).get("page"), null);
  await page.fill("#q", "exports");
  await found(page, "10 passages in 5 releases");
  await page.locator(".order a", { hasText: "One per release" }).click();
  await page.locator(".hit >> text=1 more in this release").first().waitFor();
  assert.equal(await page.locator(".hit").count(), 5);
});

test("neighbours are unfolded in place, and a citation is copied", async (t) => {
  const page = await open(t, served, "/?q=charging", { permissions: ["clipboard-read", "clipboard-write"] });
  const hit = page.locator(".hit", { hasText: "needs a charging station" });
  await hit.locator("summary", { hasText: "In context" }).click();
  assert.deepEqual(await hit.locator(".around p").allTextContents(), [
    "The low-altitude economy grew by a fifth.",
    "A flying car needs a charging station; flying cars need many.",
    "Robots are built in the same district.",
    "Whole release",
  ]);
  await hit.locator("summary", { hasText: "Cite" }).click();
  await hit.locator("button", { hasText: "Copy citation" }).click();
  await hit.locator("button", { hasText: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^“A flying car needs .*many\.”\n— .*“Strategic industries exceed one trillion yuan”.*\[guangzhou\/industry\.txt#\d\]\n$/);
  await hit.locator("button", { hasText: "Copy as Markdown" }).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith("> A flying car"));
});

test("the keyboard is enough", async (t) => {
  const page = await open(t, served, "/?q=flying+car");
  const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);
  await page.keyboard.press("/");
  await page.keyboard.type("exports");
  await page.keyboard.press("Enter"); // Suggestions are out of the way.
  await found(page, "10 passages in 5 releases");
  await page.keyboard.press("ArrowDown");
  const first = await focused();
  assert.match(first, /^Foreign trade in/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.equal(await focused(), "q");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/release?**");
  const at = () => page.locator("#at").textContent();
  assert.equal(await at(), "2 / 3");
  await page.keyboard.press("n");
  assert.equal(await at(), "3 / 3");
  await page.keyboard.press("p");
  await page.keyboard.press("p");
  assert.equal(await at(), "1 / 3");
  await page.keyboard.press("Escape");
  await found(page, "10 passages in 5 releases");
  await page.locator(".hit h3 a").first().focus();
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "q");
});

test("Chinese is searched when it has been composed, not while its pinyin is", async (t) => {
  const page = await open(t, served, "/", { locale: "zh-CN" });
  assert.equal(await page.locator("#search button").textContent(), "搜索");
  const keyboard = await page.context().newCDPSession(page);
  await page.focus("#q");
  for (const text of ["f", "fei xing", "feixingqiche"]) {
    await keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(200);
    assert.equal(query(page).get("q"), null);
  }
  await keyboard.send("Input.insertText", { text: "飞行汽车" });
  await found(page, "2 篇新闻稿中的");
  assert.equal(query(page).get("q"), "飞行汽车");
  const marks = await page.locator(".hit .snippet mark").allTextContents();
  assert.ok(marks.includes("飞行汽车") && marks.includes("飛行汽車"), marks.join(" "));
});

test("the language is chosen and remembered", async (t) => {
  const page = await open(t, served, "/?q=exports");
  await page.locator("#switches a", { hasText: "中文" }).click();
  await found(page, "5 篇新闻稿中的 10 段");
  await page.goto(`${served.origin}/?q=robots`);
  await found(page, "段");
  assert.equal(await page.getAttribute("html", "lang"), "zh-Hans");
  await page.fill("#q", "exports");
  await found(page, "5 篇新闻稿中的 10 段");
});

test("a query is read with a note, and nothing found is said", async (t) => {
  const page = await open(t, served, "/?q=flyin+cra");
  await page.fill("#q", "exprots");
  await page.locator(".note").first().waitFor();
  await page.fill("#q", "zzzzqqqq");
  await found(page, "Nothing found");
  assert.equal(await page.locator(".hit").count(), 0);
});

test("a service that does not answer is no silent page", async (t) => {
  const page = await open(t, served, "/?q=exports");
  await page.route("**/?q=robots", (route) => route.abort());
  await page.fill("#q", "robots");
  await found(page, "The service does not answer");
  page.wrong.splice(0); // The browser and the script have told the console.
  await page.fill("#q", "robot");
  await found(page, "1 passage");
});

test("what is refused is said in place", async (t) => {
  const page = await open(t, served, "/?q=exports");
  await page.route("**/?q=robots", (route) => route.continue({ url: `${served.origin}/?q=a&page=0` }));
  await page.fill("#q", "robots");
  await found(page, "This did not work");
  assert.match(await page.locator("#results").textContent(), /page is 0/);
  page.wrong.splice(0); // 400
});
