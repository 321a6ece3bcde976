// Five tasks of a newsroom, with the keyboard alone: every step is a key of the reader. The number of keys is printed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { open, start, statusIs } from "./fixture.mjs";
import { pdf } from "./pdf.mjs";

const MAX_TABS = 80;

let service;
before(async () => {
  const pages = ["Annual report of the harbour board", "The new pier opens in May, said the harbour board."];
  service = await start({ "pier.pdf": pdf(pages) });
});
after(() => service.stop());

/** Counts the keys of a reader, who types, and presses Tab until an element has the focus. */
function reader(page) {
  let keys = 0;
  const press = async (key, times = 1) => {
    for (let n = 0; n < times; n++) await page.keyboard.press(key);
    keys += times;
  };
  const type = async (text) => {
    await page.keyboard.type(text);
    keys += text.length;
  };
  const search = async (text, status) => {
    await press("/");
    await type(text);
    await press("Enter");
    // The results for the beginning of the text may have the same status.
    await page.waitForFunction(
      (text) =>
        new URLSearchParams(location.search).get("q")?.endsWith(text) &&
        document.querySelector("#results[aria-busy=false]") !== null,
      text,
    );
    await statusIs(page, status);
  };
  /** Presses Tab until the focus is on an element with the text, or on one that matches a selector. */
  const tabTo = async (wanted) => {
    for (let n = 0; n < MAX_TABS; n++) {
      const reached = await page.evaluate((wanted) => {
        const focused = document.activeElement;
        if (focused === document.body) return false;
        return wanted.startsWith("#") || wanted.startsWith(".") ? focused.matches(wanted) : focused.textContent.includes(wanted);
      }, wanted);
      if (reached) return;
      await press("Tab");
    }
    assert.fail(`${wanted} is not reached by ${MAX_TABS} tabs`);
  };
  return { press, search, tabTo, keys: () => keys };
}

test("find who announced something, and cite it", async (t) => {
  const page = await open(t, service, "/", { permissions: ["clipboard-read", "clipboard-write"] });
  const { press, search, tabTo, keys } = reader(page);
  await search("flying car factory", "1 release");
  assert.match(await page.locator(".hit .speaker").first().textContent(), /Yang Xiaoyan/);
  await press("ArrowDown"); // The first result.
  await tabTo("Cite");
  await press("Enter");
  await page.locator(".cite button").first().waitFor();
  await tabTo(".cite button");
  await press("Enter");
  await page.locator("button", { hasText: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Yang Xiaoyan/);
  t.diagnostic(`${keys()} keys`);
});

test("take along all releases of one body and year as CSV", async (t) => {
  const page = await open(t, service);
  const { press, search, tabTo, keys } = reader(page);
  await search("exports", "5 releases");
  await tabTo("Bureau of Commerce");
  await press("Enter");
  await page.waitForURL("**/?*only=issuer*");
  await statusIs(page, "2 releases");
  await tabTo(".extras > button");
  await press("Enter");
  await tabTo("CSV");
  const download = page.waitForEvent("download");
  await press("Enter");
  const csv = readFileSync(await (await download).path(), "utf8");
  assert.equal(csv.match(/Bureau of Commerce/g).length, 2, csv);
  t.diagnostic(`${keys()} keys`);
});

test("follow a word over the years", async (t) => {
  const page = await open(t, service);
  const { press, search, tabTo, keys } = reader(page);
  await search("exports", "5 releases");
  await tabTo("Over time");
  await press("Enter");
  await page.waitForURL("**/trend?**");
  await tabTo(".numbers a");
  await press("Enter");
  await statusIs(page, "1 release");
  t.diagnostic(`${keys()} keys`);
});

test("open a PDF at the page of a passage", async (t) => {
  const page = await open(t, service);
  const { press, search, tabTo, keys } = reader(page);
  await search("new pier opens", "1 release");
  await press("ArrowDown");
  await press("Enter");
  await page.waitForURL("**/release?**");
  await tabTo(".original");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("href")), /^original\?.*#page=2$/);
  t.diagnostic(`${keys()} keys`);
});

test("send a colleague the link to the results", async (t) => {
  const page = await open(t, service, "/", { permissions: ["clipboard-read", "clipboard-write"] });
  const { press, search, tabTo, keys } = reader(page);
  await search("exports", "5 releases");
  await tabTo(".extras > button");
  await press("Enter");
  await tabTo("Copy the link");
  await press("Enter");
  await page.locator("button", { hasText: "Copied" }).waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(address, page.url());
  const colleague = await open(t, service, new URL(address).pathname + new URL(address).search);
  await statusIs(colleague, "5 releases");
  t.diagnostic(`${keys()} keys`);
});
