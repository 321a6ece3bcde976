"""Does three tasks of an agent with the Python client of the protocol, on standard input and over HTTP.

    tasks.py GZ_SEARCH FOLDER...
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from mcp import Client, MCPError, StdioServerParameters, types


async def call(client, tool, **arguments):
    """Calls a tool and returns its structured content."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def complete(client, reference, name, value, given=None):
    """Completes an argument of a prompt or of a resource template, and returns the values."""
    result = await client.complete(reference, {"name": name, "value": value}, given or {})
    return result.completion.values


async def start(client, prompt, **arguments):
    """Starts a task by its prompt, and returns the answer to the first call that the prompt spells out."""
    text = (await client.get_prompt(prompt, arguments)).messages[0].content.text
    tool, call_arguments = re.search(r"(\w+) with (\{[^}]*\})", text).groups()
    return await call(client, tool, **json.loads(call_arguments))


def prompt_reference(name):
    return types.PromptReference(type="ref/prompt", name=name)


async def cite_a_speaker(client):
    """Finds who said that the port handled more cargo, and cites the passage."""
    reference = prompt_reference("cite_statement")
    speaker = (await complete(client, reference, "speaker", "ber"))[0]
    assert speaker == "Anna Berg", speaker
    found = await start(client, "cite_statement", statement="million tonnes of cargo", speaker=speaker)
    passage = found["passages"][0]["id"]
    read = await call(client, "read_passage", id=passage)
    assert any("41 million tonnes" in neighbour["text"] for neighbour in read["passages"]), read
    citation = await call(client, "cite", id=passage, style="text")
    assert "Anna Berg" in citation["citation"] and "2024-03-05" in citation["citation"], citation
    resolved = await call(client, "resolve_link", link=citation["link"])
    assert resolved["status"] == "exact", resolved


async def list_announcements(client):
    """Lists what a ministry announced in 2024."""
    reference = prompt_reference("list_announcements")
    issuer = (await complete(client, reference, "issuer", "trade"))[0]
    assert issuer == "Ministry of Trade", issuer
    years = await complete(client, reference, "year", "", {"issuer": issuer})
    assert years == ["2024", "2025"], years
    found = await start(client, "list_announcements", issuer=issuer, year=years[0])
    titles = [re.search("“(.*?)”", passage["attribution"])[1] for passage in found["passages"]]
    assert titles == ["New Quay Opens", "Port Figures for 2023"], titles


async def compare_figures(client):
    """Compares a figure in two releases."""
    reference = prompt_reference("compare_figures")
    figure = "port handled cargo"
    releases = await complete(client, reference, "first", "port figures", {"figure": figure})
    assert len(releases) == 2, releases
    facts = (await start(client, "compare_figures", figure=figure, first=releases[1], second=releases[0]))["facts"]
    tonnes = [fact for fact in facts if fact["value"].endswith(" t")]
    assert sorted(fact["value"] for fact in tonnes) == ["41000000 t", "44000000 t"], facts
    for fact in tonnes:
        citation = await call(client, "cite", id=fact["passage"])
        assert "million tonnes" in citation["citation"], citation


async def read_resources(client):
    """Lists the newest releases, and reads one of them and a passage."""
    templates = (await client.list_resource_templates()).resource_templates
    assert len(templates) == 3, templates
    newest = (await client.list_resources()).resources[0]
    assert newest.name == "Port Figures for 2024", newest
    release = (await client.read_resource(newest.uri)).contents[0]
    assert release.mime_type == "text/markdown", release
    assert release.text.startswith("# Port Figures for 2024\n\n- issuer: Ministry of Trade\n- date: "), release.text
    reference = types.ResourceTemplateReference(type="ref/resource", uri="gz-search://passage/{id}")
    passage = (await complete(client, reference, "id", "budget-2024"))[0]
    quoted = (await client.read_resource("gz-search://passage/" + passage.replace("#", "%23"))).contents[0]
    assert "Budget for 2025" in quoted.text, quoted
    try:
        await client.read_resource("gz-search://release/nothing")
    except MCPError as error:
        assert "nothing has the address" in str(error), error
    else:
        raise AssertionError("an unknown release was read")


async def do_tasks(server):
    async with Client(server) as client:
        prompts = (await client.list_prompts()).prompts
        assert [prompt.name for prompt in prompts] == ["cite_statement", "list_announcements", "compare_figures"]
        for task in [cite_a_speaker, list_announcements, compare_figures, read_resources]:
            await task(client)


def main(program, *folders):
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        subprocess.run([program, "index", *folders, "--index", index], check=True, capture_output=True)
        parameters = StdioServerParameters(command=program, args=["mcp", "--index", index])
        asyncio.run(do_tasks(parameters))
        serve = [program, "serve", "--no-config", "--index", index, "--listen", "127.0.0.1:0", "--log", "off"]
        with subprocess.Popen(serve, stderr=subprocess.PIPE, text=True) as server:
            try:
                address = next(re.search(r"http://\S+", line) for line in server.stderr if "http://" in line)
                asyncio.run(do_tasks(address.group().rstrip("/") + "/mcp"))
            finally:
                server.kill()
    print("three tasks done with the Python client, on standard input and over HTTP")


main(*sys.argv[1:])
