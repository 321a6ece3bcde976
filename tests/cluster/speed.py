"""Measures the overhead of the client over the time of a cluster, and its sending rate.

    speed.py search BINARY http://HOST:PORT NAME QUERIES     overhead of each search
    speed.py send BINARY FILE.jsonl                          passages per second, to a server that accepts everything

A relay between client and cluster records the field `took` of each response. Then the queries run again without the relay,
and the overhead is the duration of each search minus the recorded time.
"""

import http.client
import http.server
import json
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def give(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def search(binary, host, name, queries):
    address, took, local = urllib.parse.urlparse(host), [], threading.local()

    class Relay(Handler):
        def do_GET(self):
            if not hasattr(local, "there"):
                local.there = http.client.HTTPConnection(address.hostname, address.port)
            local.there.request(self.command, self.path, self.body() or None, {"content-type": "application/x-ndjson"})
            reply = local.there.getresponse()
            body = reply.read()
            if "_msearch" in self.path:
                # The field of the whole request is before or after those of its searches.
                first, last = body.index(b'"took":'), body.rindex(b'"took":')
                took.append(int(re.match(rb'"took":(\d+)', body[first if first < 5 else last :]).group(1)))
            self.give(reply.status, body)

        do_POST = do_GET

    relay = serve(Relay)
    there = http.client.HTTPConnection(urllib.parse.urlparse(relay).netloc)
    trips = []
    for _ in range(100):
        start = time.perf_counter()
        there.request("GET", f"/{name}/_doc/state")
        there.getresponse().read()
        trips.append((time.perf_counter() - start) * 1e3)
    trip = statistics.median(trips)
    lines = open(queries, encoding="utf-8").read().splitlines()

    def run_queries(address):
        """Returns the duration of each search in milliseconds and the times that the relay recorded for it."""
        program = subprocess.Popen(
            [binary, "query", "-", "--engine", f"{address}/{name}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        all = []
        for line in lines:
            before, start = len(took), time.perf_counter()
            program.stdin.write(line + "\n")
            program.stdin.flush()
            program.stdout.readline()
            all.append(((time.perf_counter() - start) * 1e3, took[before:]))
        program.stdin.close()
        program.wait()
        return all

    # The cluster caches counts, so a first run warms the cache.
    run_queries(host)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    relayed = run_queries(relay)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The run without the relay excludes the cost of the relay.
    direct = [spent for spent, _ in run_queries(host)]
    requests = [len(recorded) for _, recorded in relayed]
    over = [spent - sum(recorded) for spent, (_, recorded) in zip(direct, relayed)]
    show = lambda all: f"median {statistics.median(all):.1f} ms, 95 % {sorted(all)[int(len(all) * 0.95)]:.1f} ms"
    one = [ms for ms, count in zip(over, requests) if count == 1]
    print(f"{len(over)} searches, {len(one)} of one request; a round trip through the relay {trip:.1f} ms")
    print(f"overhead over the cluster: searches of one request {show(one)}; all {show(over)}")
    print(f"through the relay: {show([spent - sum(recorded) for spent, recorded in relayed])}")
    worked = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    cores = worked * 1e3 / len(over)
    print(f"CPU time of this program: {cores:.1f} ms per search, {cores * len(over) / sum(requests):.1f} ms per request")


def send(binary, file):
    state = {"lines": 0, "bytes": 0, "passages": 0}
    lock = threading.Lock()

    class Sink(Handler):
        def do_GET(self):
            body, path = self.body(), self.path
            if path == "/":
                self.give(200, b'{"version": {"distribution": "opensearch", "number": "2.19.0"}}')
            elif path.startswith("/_alias/") or self.command == "HEAD":
                self.give(404, b"")
            elif path.endswith("/_bulk"):
                lines = body.count(b'\n{"index":') + body.startswith(b'{"index":')
                with lock:
                    state["lines"] += lines
                    state["bytes"] += len(body)
                    state["passages"] += body.count(b'"kind":"passage"')
                item = b'{"index": {"status": 201}}'
                self.give(200, b'{"items": [' + b",".join([item] * lines) + b"]}")
            elif path.endswith("/_count"):
                self.give(200, json.dumps({"count": state["passages"]}).encode())
            elif path.endswith("/_msearch"):
                nothing = b'{"hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}}'
                self.give(200, b'{"responses": [' + b",".join([nothing] * (body.count(b"\n") // 2)) + b"]}")
            else:
                self.give(200, b'{"hits": {"hits": []}}')

        do_POST = do_PUT = do_HEAD = do_DELETE = do_GET

    with open(file, "rb") as lines:
        start = time.perf_counter()
        subprocess.run([binary, "index", "-", "--engine", f"{serve(Sink)}/sent"], stdin=lines, check=True,
                       stdout=subprocess.DEVNULL)
        spent = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cores = used.ru_utime + used.ru_stime
    print(
        f"{state['passages']} passages, {state['bytes'] / 1e6:.0f} MB, sent in {spent:.1f} s and {cores:.1f} s of a core: "
        f"{state['passages'] / spent:.0f} passages per second, {2 * state['passages'] / cores:.0f} with two free cores"
    )


{"search": search, "send": send}[sys.argv[1]](*sys.argv[2:])
