// Searching: while typing, with filters, history, keyboard and Chinese input, and after failures.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, start, statusIs } from "./fixture.mjs";

let service;
before(async () => (service = await start()));
after(() => service.stop());

const query = (page) => new URL(page.url()).searchParams;

test("results appear while typing, with at most two requests for fast typing", async (t) => {
  const page = await open(t, service);
  const requested = [];
  page.on("request", (request) => requested.push(request.url()));
  await page.locator("#q").evaluate((box) => {
    for (const key of "flying car") {
      box.value += key;
      box.dispatchEvent(new InputEvent("input"));
    }
  });
  await statusIs(page, "1 release · 2 passages");
  assert.ok(requested.filter((url) => url.includes("/?q=")).length <= 2, requested.join(" "));
  assert.equal(query(page).get("q"), "flying car");
  assert.equal(await page.title(), "flying car – gz-search");
  const hit = page.locator(".hit-passage", { hasText: "trial production" }).first();
  assert.deepEqual(await hit.locator(".snippet mark").allTextContents(), ["flying car"]);
  assert.match(await hit.locator(".headings").textContent(), /22 New Champions/);
  assert.equal(await hit.locator(".speaker").textContent(), "Yang Xiaoyan");
  assert.equal(await page.locator(".hit time").first().textContent(), "2025-12-17");
  assert.match(await page.locator("#range").textContent(), /^1–1 of 1$/);
});

test("a late answer never replaces a newer one", async (t) => {
  const page = await open(t, service);
  let release;
  const late = new Promise((resolve) => (release = resolve));
  await page.route("**/?q=robots&prefix=last", async (route) => {
    await late;
    await route.continue().catch(() => {}); // The request is cancelled.
  });
  const slow = page.waitForRequest("**/?q=robots&prefix=last");
  await page.fill("#q", "robots");
  await slow;
  const cancelled = page.waitForEvent("requestfailed");
  await page.fill("#q", "exports");
  await statusIs(page, "5 releases · 10 passages");
  await cancelled;
  release();
  await page.waitForTimeout(100);
  assert.equal(await page.locator("#status").textContent(), "5 releases · 10 passages");
});

test("a typed query is one history entry", async (t) => {
  const page = await open(t, service);
  for (const text of ["exp", "exports", "exports by rail"]) {
    await page.fill("#q", text);
    await page.waitForURL((url) => url.searchParams.get("q") === text);
  }
  await page.press("#q", "Enter");
  await page.fill("#q", "robots");
  await statusIs(page, "1 passage");
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

test("filters narrow the results, survive a new query, and can be removed", async (t) => {
  const page = await open(t, service, "/?q=exports");
  const customs = page.locator(".facet a", { hasText: "General Administration of Customs" });
  assert.match(await customs.textContent(), /3$/, "a page by release counts releases");
  await customs.click();
  await statusIs(page, "3 releases · 6 passages");
  assert.equal(query(page).get("only"), "issuer=General Administration of Customs");
  assert.equal(await page.evaluate(() => document.activeElement.ariaCurrent), "true", "the selected filter keeps the focus");
  assert.equal(await page.locator(".facet a", { hasText: "Bureau of Commerce" }).count(), 1, "another value can be selected");
  await page.locator(".bars a", { hasText: "2022" }).click();
  await statusIs(page, "1 release · 2 passages");
  await page.fill("#q", "containers");
  await statusIs(page, "1 passage");
  assert.deepEqual(query(page).getAll("only"), ["issuer=General Administration of Customs"]);
  assert.deepEqual([query(page).get("from"), query(page).get("to")], ["2022", "2022"]);
  await page.locator(".chips a", { hasText: "Remove all" }).click();
  await statusIs(page, "5 releases · 5 passages");
  assert.equal(await page.locator(".chips").count(), 0);
  await page.goBack();
  await statusIs(page, "1 passage");
});

test("the chart has a bar for each year, with a height in proportion to its matches", async (t) => {
  const page = await open(t, service, "/?q=exports&collapse=none");
  const bars = await page.locator(".bars li").evaluateAll((items) =>
    items.map((item) => Number(item.querySelector("rect")?.getAttribute("height") ?? 0)),
  );
  assert.deepEqual(bars, [50, 0, 50, 100, 0, 50]);
  assert.deepEqual(await page.locator(".tick").allTextContents(), ["2020", "2022", "2024"]);
});

test("order, grouping and page links work", async (t) => {
  const page = await open(t, service, "/?q=schools");
  await statusIs(page, "14 releases · 14 passages");
  await page.locator("#pages a[rel=next]").click();
  await page.locator("#pages", { hasText: "11–14 of 14" }).waitFor();
  assert.equal(await page.locator(".hit").count(), 4);
  await page.locator(".order a", { hasText: "Newest first" }).click();
  await page.locator(".hit time", { hasText: "2020-09-14" }).waitFor();
  assert.equal(query(page).get("page"), null);
  await page.fill("#q", "exports");
  await statusIs(page, "5 releases · 10 passages");
  await page.locator(".hit-passage").nth(9).waitFor();
  assert.equal(await page.locator(".hit").count(), 5, "each release is shown once, with its passages");
  await page.locator(".order a", { hasText: "Every passage" }).click();
  await page.locator(".hit").nth(9).waitFor();
  assert.equal(query(page).get("collapse"), "none");
});

test("neighbours unfold in place, and citations are copied", async (t) => {
  const page = await open(t, service, "/?q=charging", { permissions: ["clipboard-read", "clipboard-write"] });
  const hit = page.locator(".hit", { hasText: "needs a charging station" });
  await hit.locator("a", { hasText: "In context" }).click();
  await hit.locator(".context p").first().waitFor();
  const around = await hit.locator(".context p").allTextContents();
  assert.ok(around.includes("The low-altitude economy grew by a fifth."), around.join(" | "));
  assert.ok(around.includes("Robots are built in the same district."), around.join(" | "));
  assert.ok(!around.some((text) => text.startsWith("A flying car needs")), "the passage just read is not repeated");
  await hit.locator("a", { hasText: "Cite" }).click();
  await hit.locator(".cite button").first().click();
  await hit.locator("button", { hasText: "Copied" }).waitFor();
  assert.equal(await hit.locator(".context").count(), 0, "one of them is open at a time");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^“A flying car needs .*many\.”\n— .*“Strategic industries exceed one trillion yuan”.*\[guangzhou\/industry\.txt#\d\]\ngz-search:\S+\n$/);
  await hit.locator(".copyable", { hasText: "Markdown" }).locator("button").click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith("> A flying car"));
});

test("the page works with the keyboard alone", async (t) => {
  const page = await open(t, service, "/?q=flying+car");
  const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.id);
  await page.keyboard.press("/");
  await page.keyboard.type("exports");
  await page.keyboard.press("Enter"); // Closes the suggestions.
  await statusIs(page, "5 releases · 10 passages");
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
  const position = () => page.locator("#match-position").textContent();
  assert.equal(await position(), "2 / 3");
  await page.keyboard.press("n");
  assert.equal(await position(), "3 / 3");
  await page.keyboard.press("p");
  await page.keyboard.press("p");
  assert.equal(await position(), "1 / 3");
  await page.keyboard.press("Escape");
  await statusIs(page, "5 releases · 10 passages");
  await page.locator(".hit h3 a").first().focus();
  await page.keyboard.press("Escape");
  assert.equal(await focused(), "q");
});

test("Chinese input is searched when its composition ends", async (t) => {
  const page = await open(t, service, "/", { locale: "zh-CN" });
  assert.equal(await page.locator("#search button").textContent(), "搜索");
  const keyboard = await page.context().newCDPSession(page);
  await page.focus("#q");
  for (const text of ["f", "fei xing", "feixingqiche"]) {
    await keyboard.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await page.waitForTimeout(200);
    assert.equal(query(page).get("q"), null);
  }
  await keyboard.send("Input.insertText", { text: "飞行汽车" });
  await statusIs(page, "2 篇新闻稿");
  assert.equal(query(page).get("q"), "飞行汽车");
  const highlights = await page.locator(".hit .snippet mark").allTextContents();
  assert.ok(highlights.includes("飞行汽车") && highlights.includes("飛行汽車"), highlights.join(" "));
});

test("the chosen language is stored", async (t) => {
  const page = await open(t, service, "/?q=exports");
  await page.click("#settings-button");
  await page.locator("#settings a", { hasText: "简体中文" }).click();
  await statusIs(page, "5 篇新闻稿 · 10 段");
  await page.goto(`${service.origin}/?q=robots`);
  await statusIs(page, "段");
  assert.equal(await page.getAttribute("html", "lang"), "zh-Hans");
  await page.fill("#q", "exports");
  await statusIs(page, "5 篇新闻稿 · 10 段");
});

test("corrected queries get a note, and a search without results says so", async (t) => {
  const page = await open(t, service, "/?q=flyin+cra");
  await page.fill("#q", "exprots");
  await page.locator(".note").first().waitFor();
  await page.fill("#q", "zzzzqqqq");
  await statusIs(page, "Nothing found");
  assert.equal(await page.locator(".hit").count(), 0);
});

test("the page says that the service does not answer", async (t) => {
  const page = await open(t, service, "/?q=exports");
  await page.route("**/?q=robots&prefix=last", (route) => route.abort());
  await page.fill("#q", "robots");
  await statusIs(page, "The service does not answer");
  page.errors.splice(0); // The browser and the script log the failure.
  await page.fill("#q", "robot");
  await statusIs(page, "1 passage");
});

test("errors appear in place of results", async (t) => {
  const page = await open(t, service, "/?q=exports");
  await page.route("**/?q=robots&prefix=last", (route) => route.continue({ url: `${service.origin}/?q=a&page=0` }));
  await page.fill("#q", "robots");
  await statusIs(page, "The address of this page is not right");
  assert.match(await page.locator("#results").textContent(), /page is 0/);
  page.errors.splice(0); // 400
});
