// Similar passages, and releases that repeat a text.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, start, statusIs } from "./fixture.mjs";

let service;
before(async () => (service = await start()));
after(() => service.stop());

test("similar passages have a page with a link back", async (t) => {
  const page = await open(t, service, "/?q=containers");
  await page.locator(".hit a", { hasText: "Similar passages" }).first().click();
  await page.waitForURL("**/similar?**");
  assert.equal(await page.locator("h1").textContent(), "Passages similar to this one");
  assert.match(await page.locator(".quoted p").textContent(), /^In \d{4} the port handled/);
  const own = await page.locator(".quoted footer").textContent();
  const titles = await page.locator(".hit h3").allTextContents();
  assert.ok(titles.length >= 3, titles.join(" | "));
  assert.ok(!titles.includes(own), `${own} is not among ${titles.join(" | ")}`);
  assert.match(await page.locator(".hit .snippet").first().textContent(), /the port handled more containers/);
  await page.keyboard.press("Escape");
  await statusIs(page, "5 releases · 5 passages");
});

test("a passage of a release links to similar passages", async (t) => {
  const page = await open(t, service, `/release?id=zh/economy.txt&ui=zh`);
  const passage = page.locator(".passage", { hasText: "飞行汽车工厂" });
  await passage.hover();
  await passage.locator("a", { hasText: "相似段落" }).click();
  await page.locator(".hit .snippet", { hasText: "飛行汽車" }).waitFor();
  await page.locator(".quoted footer a").click();
  await page.locator(".passage:target", { hasText: "飞行汽车工厂" }).waitFor();
});

test("an unknown passage gets an error page", async (t) => {
  const page = await open(t, service, "/similar?id=none%230");
  assert.equal(await page.locator("h1").textContent(), "There is no such release");
  page.errors.splice(0); // 404
});

test("near-duplicates are merged, with links to the other releases", async (t) => {
  const page = await open(t, service, "/?q=exports&collapse=none");
  await statusIs(page, "5 releases · 10 passages");
  const before = await page.locator(".hit").count();
  await page.locator(".order a", { hasText: "Duplicates merged" }).click();
  await page.locator(".order a[aria-current=true]", { hasText: "Duplicates merged" }).waitFor();
  const group = page.locator(".hit", { hasText: "Also in 4 releases, first on 2021-03-11" }).first();
  await group.waitFor();
  assert.ok((await page.locator(".hit").count()) < before);
  await group.locator("summary", { hasText: "Also in" }).click();
  const also = group.locator(".near-duplicates li");
  assert.equal(await also.count(), 4);
  assert.match(await also.first().textContent(), /^Foreign trade in 2021.*2021-03-11$/);
  await also.first().locator("a").click();
  await page.waitForURL("**/release?id=trade%2F2021-1.txt**");
  await page.keyboard.press("Escape");
  await page.locator(".order a[aria-current=true]", { hasText: "Duplicates merged" }).waitFor();
});
