// Lists and calls every tool, and does the tasks of the prompts, through the public client: on standard input and output, first without an index, then after
// another process has built one, and over HTTP.
//
// The client checks each answer against the schema of its tool; two public tokenizers check the token budget.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import * as cl100k from "gpt-tokenizer/encoding/cl100k_base";
import * as o200k from "gpt-tokenizer/encoding/o200k_base";
import { doTasks } from "./tasks.mjs";

const [command, ...folders] = process.argv.slice(2).map((path) => resolve(path));
const folder = mkdtempSync(join(tmpdir(), "gz-search-mcp-"));
const index = join(folder, "index");
let client;
let called;

/** Calls a tool; its text and structured content, neither of them over the budget. */
async function call(name, args, budget = 4000) {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
  const text = content.map((block) => block.text).join("");
  for (const form of [text, JSON.stringify(structuredContent ?? null)]) {
    for (const tokenizer of [cl100k, o200k]) {
      const tokens = tokenizer.encode(form).length;
      assert(tokens <= budget, `${name}: ${tokens} tokens of ${budget}`);
    }
  }
  if (!isError) called.add(name);
  return { text, isError, ...structuredContent };
}

/** Connects a client. It reports messages that are none of the protocol. */
async function connect(transport) {
  client = new Client({ name: "test", version: "1" });
  client.onerror = (error) => {
    console.error(error);
    process.exitCode = 1;
  };
  called = new Set();
  await client.connect(transport);
  assert.equal(client.getServerVersion().name, "gz-search");
}

/** Lists and calls every tool. */
async function callEveryTool() {
  const { tools } = await client.listTools();
  for (const tool of tools) assert(tool.description && tool.annotations.readOnlyHint, tool.name);

  const found = await call("search", { query: "flying car" });
  assert(found.total >= 2 && found.text.includes("flying car"), found.text);
  const [{ id, text, attribution }] = found.passages;
  assert(text.includes("flying car") && attribution.startsWith("—"), attribution);

  const seen = [];
  let cursor;
  do {
    const page = await call("search", { query: "Guangzhou", limit: 50, cursor, max_tokens: 600 }, 600);
    assert(!page.isError && page.passages.length > 0, page.text);
    seen.push(...page.passages.map((passage) => passage.id));
    if (page.next === null) assert.equal(seen.length, page.total);
    cursor = page.next;
  } while (cursor !== null);
  assert.equal(new Set(seen).size, seen.length);

  const read = await call("read_passage", { id, context: 2 });
  assert(read.passages.some((passage) => passage.id === id && !passage.cut), read.text);
  const short = await call("read_passage", { id, context: 20, max_tokens: 500 }, 500);
  assert(short.passages.some((passage) => passage.id === id), short.text);
  assert(!(await call("similar_passages", { id })).isError);
  const cited = await call("cite", { id, style: "bibtex" });
  assert(cited.citation.startsWith("@"), cited.text);
  const resolved = await call("resolve_link", { link: cited.link });
  assert.equal(resolved.status, "exact");
  const facts = await call("facts", { query: "flying car" });
  assert(!facts.isError && facts.text.length > 0, facts.text);
  const outline = await call("document_outline", { id });
  assert(outline.sections.length > 1 && outline.title, outline.text);
  const sources = await call("list_sources", { by: "speaker" });
  assert(sources.total_documents >= 1 && sources.values.length > 1, sources.text);
  for (const args of [{}, { query: "a", after: "soon" }, { query: "a", unknown: 1 }]) {
    const refused = await call("search", args, 500);
    assert(refused.isError && refused.text.length > 20, refused.text);
  }

  assert.deepEqual([...called].sort(), tools.map((tool) => tool.name).sort());
  return [tools.length, found.total];
}

/** Starts `gz-search serve`; the process and its address. */
async function serve() {
  const server = spawn(command, ["serve", "--no-config", "--index", index, "--listen", "127.0.0.1:0", "--log", "off"]);
  const origin = await new Promise((resolve, reject) => {
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}`)));
    server.stderr.on("data", (output) => {
      const address = /http:\/\/\S+/.exec(output);
      if (address) resolve(address[0]);
    });
  });
  return { server, origin };
}

let server;
try {
  await connect(new StdioClientTransport({ command, args: ["mcp", "--index", index] }));
  const missing = await call("search", { query: "flying car" });
  assert(missing.isError && missing.text.includes("gz-search index"), missing.text);
  execFileSync(command, ["index", ...folders, "--index", index], { stdio: "pipe" });
  const [tools, total] = await callEveryTool();
  await doTasks(client);
  // The service runs on, and keeps nobody from writing.
  execFileSync(command, ["index", ...folders, "--rebuild", "--index", index], { stdio: "pipe" });
  assert.equal((await call("search", { query: "flying car" })).total, total);
  await client.close();

  const started = await serve();
  server = started.server;
  await connect(new StreamableHTTPClientTransport(new URL("/mcp", started.origin)));
  assert.deepEqual(await callEveryTool(), [tools, total]);
  await doTasks(client);
  console.log(`${tools} tools called and three tasks done with the JavaScript client, on standard input and over HTTP`);
} finally {
  await client?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
