// Suggestions below the search box: a combobox that works with the keyboard alone, while results update.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "./axe.mjs";
import { open, start, statusIs } from "./fixture.mjs";

let service;
before(async () => (service = await start()));
after(() => service.stop());

const options = (page) => page.locator("#suggestions [role=option]");
const box = (page) => page.locator("#q");

/** Types a text and waits for suggestions for the whole text of the box. */
async function typeAndWait(page, text) {
  await page.locator("#q").pressSequentially(text);
  await page.locator("#suggestions[aria-busy=false] [role=option]").first().waitFor();
}

test("suggestions appear beside results and work with arrows, Enter and Esc", async (t) => {
  const page = await open(t, service, "/?q=robots");
  await page.fill("#q", "");
  await typeAndWait(page, "flying c");
  await statusIs(page, "No passage has every word");
  assert.equal(await box(page).getAttribute("aria-expanded"), "true");
  assert.equal(await box(page).getAttribute("aria-activedescendant"), null);
  const texts = await options(page).evaluateAll((items) => items.map((item) => item.dataset.text));
  assert.ok(texts.includes("flying car"), texts.join(" | "));
  await page.keyboard.press("ArrowDown");
  const active = page.locator("#suggestions [aria-selected=true]");
  assert.equal(await box(page).getAttribute("aria-activedescendant"), await active.getAttribute("id"));
  assert.equal(await box(page).inputValue(), texts[0]);
  await page.keyboard.press("ArrowUp");
  assert.equal(await box(page).inputValue(), "flying c", "the typed text is back");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.equal(await box(page).inputValue(), "flying c");
  assert.ok(!(await page.locator("#suggestions").isVisible()));
  assert.equal(await box(page).getAttribute("aria-expanded"), "false");
  await page.keyboard.press("ArrowDown");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Strategic industries/, "the focus is in the results");
});

test("choosing a suggestion searches for it", async (t) => {
  const page = await open(t, service);
  await typeAndWait(page, "electric v");
  await page.keyboard.press("ArrowDown");
  const text = await box(page).inputValue();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === text);
  await statusIs(page, "5 releases · 5 passages");
  assert.ok(!(await page.locator("#suggestions").isVisible()));
  await page.fill("#q", "");
  await typeAndWait(page, "foreign tr");
  await options(page).last().click();
  assert.ok(!(await page.locator("#suggestions").isVisible()));
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
});

test("the arrow key moves from the last suggestion to the results", async (t) => {
  const page = await open(t, service);
  await typeAndWait(page, "export");
  await statusIs(page, "5 releases · 10 passages");
  for (let step = await options(page).count(); step >= 0; step--) await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement.textContent.startsWith("Foreign trade"));
  assert.equal(await box(page).inputValue(), "export");
});

test("Chinese is suggested for characters and pinyin, but not during composition", async (t) => {
  const page = await open(t, service, "/", { locale: "zh-CN" });
  const keyboard = await page.context().newCDPSession(page);
  await page.focus("#q");
  await keyboard.send("Input.imeSetComposition", { text: "feixing", selectionStart: 7, selectionEnd: 7 });
  await page.waitForTimeout(250);
  assert.equal(await options(page).count(), 0);
  await keyboard.send("Input.insertText", { text: "低空" });
  await options(page).filter({ hasText: "低空经济" }).first().waitFor();
  await page.fill("#q", "");
  await typeAndWait(page, "feixing");
  await options(page).filter({ hasText: "飞行" }).first().waitFor();
});

test("suggestions close when the box is left or emptied", async (t) => {
  const page = await open(t, service);
  await typeAndWait(page, "expo");
  await page.keyboard.press("Tab");
  await page.locator("#suggestions").waitFor({ state: "hidden" });
  await page.focus("#q");
  await typeAndWait(page, "rt");
  await page.fill("#q", "");
  await page.locator("#suggestions").waitFor({ state: "hidden" });
  await page.route("**/suggest?**", (route) => route.fulfill({ status: 503, body: "{}" }));
  await box(page).pressSequentially("exports");
  await statusIs(page, "5 releases · 10 passages");
  assert.equal(await options(page).count(), 0, "the search works without suggestions");
  page.errors.splice(0); // 503
});

test("suggestions are escaped, accessible and fit a phone", async (t) => {
  const page = await open(t, service, "/", { viewport: { width: 375, height: 667 } });
  await typeAndWait(page, "hos");
  await options(page).filter({ hasText: "<script>" }).first().waitFor();
  assert.equal(await page.locator("#suggestions :is(script, img)").count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
  await page.keyboard.press("ArrowDown");
  await page.locator("#results[aria-busy=false]").waitFor();
  assert.deepEqual(await violations(page), []);
});

test("the page of a release has suggestions that lead to results", async (t) => {
  const page = await open(t, service, "/release?id=zh/economy.txt");
  await page.focus("#q");
  await typeAndWait(page, "robo");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await statusIs(page, "1 passage");
});
