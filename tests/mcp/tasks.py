"""Does three tasks of an agent with the Python client of the protocol, on standard input and over HTTP.

    tasks.py GZ_SEARCH SEEDS
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from mcp import Client, StdioServerParameters


async def call(client, tool, **arguments):
    """Calls a tool and returns its structured content."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def cite_a_speaker(client):
    """Finds who spoke of flying cars, and cites the passage."""
    found = await call(client, "search", query="flying car")
    passage = found["passages"][0]
    assert "flying car" in passage["text"], passage
    citation = await call(client, "cite", id=passage["id"], style="text")
    assert "Wang Yuyin" in citation["citation"], citation
    resolved = await call(client, "resolve_link", link=citation["link"])
    assert resolved["status"] == "exact", resolved


async def list_announcements(client):
    """Lists what one bureau announced."""
    issuers = await call(client, "list_sources", by="issuer")
    issuer = next(value["value"] for value in issuers["values"] if "Commerce" in value["value"])
    found = await call(client, "search", query="*", issuer=issuer)
    assert found["total"] >= 1, found
    assert all(issuer in passage["attribution"] for passage in found["passages"]), found


async def compare_figures(client):
    """Compares two figures of one release."""
    facts = (await call(client, "facts", query="added value"))["facts"]
    values = {fact["value"] for fact in facts}
    assert len(values) >= 2, facts
    passages = {fact["passage"] for fact in facts}
    read = await call(client, "read_passage", id=passages.pop())
    assert read["passages"][0]["text"], read


async def do_tasks(server):
    async with Client(server) as client:
        for task in [cite_a_speaker, list_announcements, compare_figures]:
            await task(client)


def main(program, seeds):
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        subprocess.run([program, "index", seeds, "--index", index], check=True, capture_output=True)
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
