// A service with a few releases, and its pages in Chromium. A test fails if its page requests another origin, violates
// the content security policy or throws an error.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { releases } from "./releases.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/gz-search");

/** Serves an index of the releases and of `files` (content by name) and starts a browser; `stop` ends both. */
export async function start(files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gz-search-browser-"));
  const index = join(folder, "index");
  const input = releases.map((release) => JSON.stringify(release)).join("\n");
  const indexed = spawnSync(program, ["index", "-", "--no-config", "--index", index], { input, encoding: "utf8" });
  assert.equal(indexed.status, 0, indexed.stderr);

  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, "files"), { recursive: true });
    writeFileSync(join(folder, "files", name), content);
  }
  if (Object.keys(files).length > 0) {
    const { status, stderr } = spawnSync(program, ["index", join(folder, "files"), "--no-config", "--index", index], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  }

  const server = spawn(program, ["serve", "--no-config", "--index", index, "--listen", "127.0.0.1:0", "--log", "off"]);
  const origin = await new Promise((resolve, reject) => {
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}`)));
    server.stderr.on("data", (output) => {
      const address = /http:\/\/\S+/.exec(output);
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
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { origin, browser, stop };
}

/** Opens the page at `path`. Errors that the test `t` does not remove from `page.errors` fail it at its end. */
export async function open(t, { origin, browser }, path = "/", options = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1200, height: 900 }, ...options });
  context.setDefaultTimeout(Number(process.env.GZ_SEARCH_BROWSER_TIMEOUT ?? 30_000));
  context.setDefaultNavigationTimeout(Number(process.env.GZ_SEARCH_BROWSER_TIMEOUT ?? 30_000));
  const page = await context.newPage();
  const errors = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) errors.push(`requested ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.errors = errors;
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  await page.goto(origin + path);
  return page;
}

/** Waits until the status line of the page contains `text`. */
export async function statusIs(page, text) {
  await page.locator("#status", { hasText: text }).waitFor();
}
