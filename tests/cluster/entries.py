"""Prints the entries of an index, one per line with a hash of their source: `entries.py http://HOST:PORT NAME`."""

import hashlib
import json
import sys
import urllib.request


def main():
    host, name = sys.argv[1:]
    after, lines = None, []
    while True:
        body = {
            "size": 1000,
            "query": {"terms": {"kind": ["passage", "document", "source"]}},
            "sort": [{"key": {"order": "asc"}}],
        }
        if after:
            body["search_after"] = after
        request = urllib.request.Request(
            f"{host}/{name}/_search", json.dumps(body).encode(), {"content-type": "application/json"}
        )
        reply = json.load(urllib.request.urlopen(request))
        assert reply["_shards"]["failed"] == 0, reply["_shards"]
        hits = reply["hits"]["hits"]
        if not hits:
            break
        after = hits[-1]["sort"]
        for hit in hits:
            source = json.dumps(hit["_source"], sort_keys=True).encode()
            lines.append(f"{hit['_id']} {hashlib.sha256(source).hexdigest()[:16]}")
    print("\n".join(sorted(lines)))


main()
