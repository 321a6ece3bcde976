// Suggestions below the box: a combobox that the keyboard alone can use, beside the results that come while one types.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "./axe.mjs";
import { found, open, start } from "./fixture.mjs";

let served;
before(async () => (served = await start()));
after(() => served.stop());

const options = (page) => page.locator("#suggestions [role=option]");
const box = (page) => page.locator("#q");

/** Types, and waits for suggestions. */
async function suggested(page, text) {
  await page.locator("#q").pressSequentially(text);
  await options(page).first().waitFor();
}

test("suggestions and results come together, and arrows, Enter and Esc are enough", async (t) => {
  const page = await open(t, served, "/?q=robots");
  await page.fill("#q", "");
  await suggested(page, "flying c");
  await found(page, "2 passages in 1 release");
  assert.equal(await box(page).getAttribute("aria-expanded"), "true");
  assert.equal(await box(page).getAttribute("aria-activedescendant"), null);
  const texts = await options(page).evaluateAll((items) => items.map((item) => item.dataset.text));
  assert.ok(texts.includes("flying car"), texts.join(" | "));
  await page.keyboard.press("ArrowDown");
  const active = page.locator("#suggestions [aria-selected=true]");
  assert.equal(await box(page).getAttribute("aria-activedescendant"), await active.getAttribute("id"));
  assert.equal(await box(page).inputValue(), texts[0]);
  await page.keyboard.press("ArrowUp");
  assert.equal(await box(page).inputValue(), "flying c", "what was typed is there again");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  assert.equal(await box(page).inputValue(), "flying c");
  assert.ok(!(await page.locator("#suggestions").isVisible()));
  assert.equal(await box(page).getAttribute("aria-expanded"), "false");
  await page.keyboard.press("ArrowDown");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Strategic industries/, "the results again");
});

test("a suggestion that is chosen is searched for", async (t) => {
  const page = await open(t, served);
  await suggested(page, "electric v");
  await page.keyboard.press("ArrowDown");
  const text = await box(page).inputValue();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === text);
  await found(page, "5 passages in 5 releases");
  assert.ok(!(await page.locator("#suggestions").isVisible()));
  await page.fill("#q", "");
  await suggested(page, "foreign tr");
  await options(page).last().click();
  assert.ok(!(await page.locator("#suggestions").isVisible()));
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
});

test("below the last suggestion come the results", async (t) => {
  const page = await open(t, served);
  await suggested(page, "export");
  await found(page, "10 passages in 5 releases");
  for (let step = await options(page).count(); step >= 0; step--) await page.keyboard.press("ArrowDown");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Foreign trade/);
  assert.equal(await box(page).inputValue(), "export");
});

test("Chinese by its characters and by pinyin, and nothing while pinyin is composed", async (t) => {
  const page = await open(t, served, "/", { locale: "zh-CN" });
  const keyboard = await page.context().newCDPSession(page);
  await page.focus("#q");
  await keyboard.send("Input.imeSetComposition", { text: "feixing", selectionStart: 7, selectionEnd: 7 });
  await page.waitForTimeout(250);
  assert.equal(await options(page).count(), 0);
  await keyboard.send("Input.insertText", { text: "低空" });
  await options(page).filter({ hasText: "低空经济" }).first().waitFor();
  await page.fill("#q", "");
  await suggested(page, "feixing");
  await options(page).filter({ hasText: "飞行" }).first().waitFor();
});

test("leaving the box, or emptying it, ends suggestions", async (t) => {
  const page = await open(t, served);
  await suggested(page, "expo");
  await page.keyboard.press("Tab");
  await page.locator("#suggestions").waitFor({ state: "hidden" });
  await page.focus("#q");
  await suggested(page, "rt");
  await page.fill("#q", "");
  await page.locator("#suggestions").waitFor({ state: "hidden" });
  await page.route("**/suggest?**", (route) => route.fulfill({ status: 503, body: "{}" }));
  await box(page).pressSequentially("exports");
  await found(page, "10 passages in 5 releases");
  assert.equal(await options(page).count(), 0, "without suggestions the search goes on");
  page.wrong.splice(0); // 503
});

test("no suggestion is markup, and all of them are seen by axe and on a phone", async (t) => {
  const page = await open(t, served, "/", { viewport: { width: 375, height: 667 } });
  await suggested(page, "hos");
  await options(page).filter({ hasText: "<script>" }).first().waitFor();
  assert.equal(await page.locator("#suggestions :is(script, img)").count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 375);
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await violations(page), []);
});

test("a release has suggestions too, that lead to results", async (t) => {
  const page = await open(t, served, "/release?id=zh/economy.txt");
  await page.focus("#q");
  await suggested(page, "robo");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await found(page, "1 passage");
});
