"""Commits every second to a service under load, counts answers that fail or mix two commits, and prints its memory.

Every commit replaces two documents by others with a new number in both. An answer with two different numbers, or with one
of the documents only, mixes two commits. A third document is added each time and removed ten commits later.
"""

import json
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

address, key, seconds, process = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
end = time.monotonic() + seconds
counts = {"commits": 0, "refused writes": 0, "answers checked": 0, "mixed answers": 0, "failed answers": 0}
numbers = set()


def ask(method, path, body=None):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def write():
    number = 0
    while time.monotonic() < end:
        started = time.monotonic()
        number += 1
        text = f"The zyxwv crane number {number} was built by the harbour."
        documents = [{"id": f"zyxwv-{name}", "text": text} for name in "ab"]
        documents.append({"id": f"extra-{number}", "text": f"An extra release, {number}, 第{number}号新闻稿。"})
        try:
            ask("POST", "/documents?wait=true", documents)
            if number > 10:
                ask("DELETE", f"/documents/extra-{number - 10}")
            counts["commits"] += 1
        except urllib.error.HTTPError:
            counts["refused writes"] += 1
        time.sleep(max(0.0, started + 1 - time.monotonic()))


def check():
    while time.monotonic() < end:
        try:
            hits = ask("GET", "/search?q=zyxwv&limit=10&strict=true")["hits"]
        except (urllib.error.URLError, TimeoutError, ValueError):
            counts["failed answers"] += 1
            continue
        texts = {hit["passage"]["text"] for hit in hits}
        if hits:
            counts["answers checked"] += 1
            counts["mixed answers"] += len(hits) != 2 or len(texts) != 1
            numbers.update(texts)
        time.sleep(0.05)


def resident():
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS:"))


threads = [threading.Thread(target=work) for work in (write, check)]
for thread in threads:
    thread.start()
memory = []
for left in range(9, -1, -1):
    time.sleep(max(0.0, end - seconds * left / 10 - time.monotonic()))
    memory.append(resident())
for thread in threads:
    thread.join()
print(", ".join(f"{what} {count}" for what, count in counts.items()), f"of {len(numbers)} commits", flush=True)
print("memory at each tenth, MiB:", *memory, flush=True)
sys.exit(counts["mixed answers"] > 0 or counts["failed answers"] > 0)
