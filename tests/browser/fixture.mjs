// gz-search serving a few releases, and pages of it in Chromium that fail their test where something is asked of
// another origin, a policy is violated or a script fails.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { releases } from "./releases.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/gz-search");

/** An index of the releases, served, and a browser; `stop` ends both. */
export async function start() {
  const index = mkdtempSync(join(tmpdir(), "gz-search-browser-"));
  const input = releases.map((release) => JSON.stringify(release)).join("\n");
  const indexed = spawnSync(program, ["index", "-", "--index", index], { input, encoding: "utf8" });
  assert.equal(indexed.status, 0, indexed.stderr);

  const server = spawn(program, ["serve", "--index", index, "--listen", "127.0.0.1:0", "--log", "off"]);
  const origin = await new Promise((resolve, reject) => {
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}`)));
    server.stderr.on("data", (said) => {
      const address = /http:\/\/\S+/.exec(said);
      if (address) resolve(address[0]);
    });
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
  });
  const stop = async () => {
    await browser.close();
    server.kill();
    rmSync(index, { recursive: true, force: true, maxRetries: 5 });
  };
  return { origin, browser, stop };
}

/** A page at `path`; whatever is wrong with it fails the test `t` at its end. */
export async function open(t, { origin, browser }, path = "/", options = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1200, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const wrong = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) wrong.push(`asked for ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.wrong = wrong;
  t.after(async () => {
    await context.close();
    assert.deepEqual(wrong, []);
  });
  await page.goto(origin + path);
  return page;
}

/** Waits until the page says that so much was found. */
export async function found(page, text) {
  await page.locator("#status", { hasText: text }).waitFor();
}
