// The three tasks of the prompts as an agent does them, and the resources, with a client that is connected.

import assert from "node:assert/strict";

/** Calls a tool; its structured content. */
async function call(client, name, args) {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
  assert(!isError, JSON.stringify(content));
  return structuredContent;
}

/** Completes an argument of a prompt or of a resource template; the values. */
async function complete(client, ref, name, value, given = {}) {
  const { completion } = await client.complete({ ref, argument: { name, value }, context: { arguments: given } });
  return completion.values;
}

/** Starts a task by its prompt, and makes the first call that the prompt spells out; the answer. */
async function start(client, name, args) {
  const { messages } = await client.getPrompt({ name, arguments: args });
  const [, tool, json] = /(\w+) with (\{[^}]*\})/.exec(messages[0].content.text);
  return call(client, tool, JSON.parse(json));
}

/** Finds who said that the port handled more cargo, and cites it. */
async function citeASpeaker(client) {
  const prompt = { type: "ref/prompt", name: "cite_statement" };
  const [speaker] = await complete(client, prompt, "speaker", "ber");
  assert.equal(speaker, "Anna Berg");
  const found = await start(client, "cite_statement", { statement: "million tonnes of cargo", speaker, style: "apa" });
  const [{ id }] = found.passages;
  const read = await call(client, "read_passage", { id });
  assert(read.passages.some(({ text }) => text.includes("41 million tonnes")), JSON.stringify(read));
  const { citation, link } = await call(client, "cite", { id, style: "apa" });
  assert(citation.includes("Anna Berg") && citation.includes("Ministry of Trade. (2024, March 5)"), citation);
  assert.equal((await call(client, "resolve_link", { link })).status, "exact");
}

/** Lists what a ministry announced in a year. */
async function listAnnouncements(client) {
  const prompt = { type: "ref/prompt", name: "list_announcements" };
  const [issuer] = await complete(client, prompt, "issuer", "trade");
  assert.equal(issuer, "Ministry of Trade");
  const years = await complete(client, prompt, "year", "", { issuer });
  assert.deepEqual(years, ["2024", "2025"]);
  const found = await start(client, "list_announcements", { issuer, year: years[0] });
  assert.equal(found.next, null);
  const titles = found.passages.map(({ attribution }) => /“(.*?)”/.exec(attribution)[1]);
  assert.deepEqual(titles, ["New Quay Opens", "Port Figures for 2023"]);
  const none = await call(client, "search", { query: "quay", issuer: "Minister of Trade" });
  assert(none.hints[0].includes("the nearest is Ministry of Trade"), JSON.stringify(none));
}

/** Compares a figure in two releases, which the completion finds. */
async function compareFigures(client) {
  const prompt = { type: "ref/prompt", name: "compare_figures" };
  const figure = "port handled cargo";
  const releases = await complete(client, prompt, "first", "port figures", { figure });
  assert.equal(releases.length, 2, JSON.stringify(releases));
  const { facts } = await start(client, "compare_figures", { figure, first: releases[1], second: releases[0] });
  const tonnes = facts.filter(({ value }) => value.endsWith(" t"));
  assert.deepEqual(tonnes.map(({ value }) => value).sort(), ["41000000 t", "44000000 t"], JSON.stringify(facts));
  for (const { passage } of tonnes) {
    const { citation } = await call(client, "cite", { id: passage });
    assert(citation.includes("million tonnes"), citation);
  }
}

/** Lists all releases as resources, and reads one of them and a passage. */
async function readResources(client) {
  const { resourceTemplates } = await client.listResourceTemplates();
  assert.equal(resourceTemplates.length, 3);
  const resources = [];
  let cursor;
  do {
    const page = await client.listResources({ cursor });
    resources.push(...page.resources);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const newest = resources[0];
  assert.equal(newest.name, "Port Figures for 2024");
  const { contents } = await client.readResource({ uri: newest.uri });
  assert.equal(contents[0].mimeType, "text/markdown");
  assert(contents[0].text.startsWith("# Port Figures for 2024\n\n- issuer: Ministry of Trade\n- date: "), contents[0].text);
  const ref = { type: "ref/resource", uri: "gz-search://passage/{id}" };
  const [id] = await complete(client, ref, "id", "budget-2024");
  const passage = await client.readResource({ uri: `gz-search://passage/${encodeURIComponent(id)}` });
  assert(passage.contents[0].text.includes("Budget for 2025"), passage.contents[0].text);
  await assert.rejects(client.readResource({ uri: "gz-search://release/nothing" }), /nothing has the address/);
}

/** Does all tasks. */
export async function doTasks(client) {
  const { prompts } = await client.listPrompts();
  assert.deepEqual(prompts.map(({ name }) => name), ["cite_statement", "list_announcements", "compare_figures"]);
  for (const task of [citeASpeaker, listAnnouncements, compareFigures, readResources]) await task(client);
}
