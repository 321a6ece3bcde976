"""Measures the latency that the client adds to a cluster, and the throughput of sending.

    speed.py search BINARY http://HOST:PORT NAME QUERIES     latency of each search beyond the time of the cluster
    speed.py send BINARY FILE.jsonl                          passages per second, to a server that accepts everything

`search` first sends the queries through a relay that records the `took` of each response, that is, the time of the cluster.
Then it sends the queries directly, measures each search, and subtracts the recorded times.
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

    def respond(self, status, body):
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
            if not hasattr(local, "connection"):
                local.connection = http.client.HTTPConnection(address.hostname, address.port)
            local.connection.request(self.command, self.path, self.body() or None, {"content-type": "application/x-ndjson"})
            reply = local.connection.getresponse()
            body = reply.read()
            if "_msearch" in self.path:
                # The `took` of the whole request comes before or after those of its searches.
                first, last = body.index(b'"took":'), body.rindex(b'"took":')
                took.append(int(re.match(rb'"took":(\d+)', body[first if first < 5 else last :]).group(1)))
            self.respond(reply.status, body)

        do_POST = do_GET

    relay = serve(Relay)
    connection = http.client.HTTPConnection(urllib.parse.urlparse(relay).netloc)
    trips = []
    for _ in range(100):
        start = time.perf_counter()
        connection.request("GET", f"/{name}/_doc/state")
        connection.getresponse().read()
        trips.append((time.perf_counter() - start) * 1e3)
    trip = statistics.median(trips)
    lines = open(queries, encoding="utf-8").read().splitlines()

    def run_queries(address):
        """Returns, for each query, its time in milliseconds and the times that the relay recorded during it."""
        program = subprocess.Popen(
            [binary, "query", "-", "--engine", f"{address}/{name}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        timings = []
        for line in lines:
            before, start = len(took), time.perf_counter()
            program.stdin.write(line + "\n")
            program.stdin.flush()
            program.stdout.readline()
            timings.append(((time.perf_counter() - start) * 1e3, took[before:]))
        program.stdin.close()
        program.wait()
        return timings

    # The client caches statistics of the cluster: this run fills the cache for both measured runs.
    run_queries(host)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    relayed = run_queries(relay)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Without the relay, which would add its own time.
    direct = [elapsed for elapsed, _ in run_queries(host)]
    request_counts = [len(recorded) for _, recorded in relayed]
    added = [elapsed - sum(recorded) for elapsed, (_, recorded) in zip(direct, relayed)]
    show = lambda times: f"median {statistics.median(times):.1f} ms, 95 % {sorted(times)[int(len(times) * 0.95)]:.1f} ms"
    single = [ms for ms, requests in zip(added, request_counts) if requests == 1]
    print(f"{len(added)} searches, {len(single)} of one request; a round trip through the relay {trip:.1f} ms")
    print(f"added to the time of the cluster: searches of one request {show(single)}; all {show(added)}")
    print(f"through the relay: {show([elapsed - sum(recorded) for elapsed, recorded in relayed])}")
    processor_seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    per_search = processor_seconds * 1e3 / len(added)
    per_request = processor_seconds * 1e3 / sum(request_counts)
    print(f"processor time of the client: {per_search:.1f} ms per search, {per_request:.1f} ms per request")


def send(binary, file):
    state = {"lines": 0, "bytes": 0, "passages": 0}
    lock = threading.Lock()

    class Sink(Handler):
        def do_GET(self):
            body, path = self.body(), self.path
            if path == "/":
                self.respond(200, b'{"version": {"distribution": "opensearch", "number": "2.19.0"}}')
            elif path.startswith("/_alias/") or self.command == "HEAD":
                self.respond(404, b"")
            elif path.endswith("/_bulk"):
                lines = body.count(b'\n{"index":') + body.startswith(b'{"index":')
                with lock:
                    state["lines"] += lines
                    state["bytes"] += len(body)
                    state["passages"] += body.count(b'"kind":"passage"')
                item = b'{"index": {"status": 201}}'
                self.respond(200, b'{"items": [' + b",".join([item] * lines) + b"]}")
            elif path.endswith("/_count"):
                self.respond(200, json.dumps({"count": state["passages"]}).encode())
            elif path.endswith("/_msearch"):
                nothing = b'{"hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}}'
                self.respond(200, b'{"responses": [' + b",".join([nothing] * (body.count(b"\n") // 2)) + b"]}")
            else:
                self.respond(200, b'{"hits": {"hits": []}}')

        do_POST = do_PUT = do_HEAD = do_DELETE = do_GET

    with open(file, "rb") as lines:
        start = time.perf_counter()
        subprocess.run([binary, "index", "-", "--engine", f"{serve(Sink)}/sent"], stdin=lines, check=True,
                       stdout=subprocess.DEVNULL)
        elapsed = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor_seconds = used.ru_utime + used.ru_stime
    print(
        f"{state['passages']} passages, {state['bytes'] / 1e6:.0f} MB, sent in {elapsed:.1f} s with {processor_seconds:.1f} s of processor time: "
        f"{state['passages'] / elapsed:.0f} passages a second, {2 * state['passages'] / processor_seconds:.0f} on two idle cores"
    )


{"search": search, "send": send}[sys.argv[1]](*sys.argv[2:])
