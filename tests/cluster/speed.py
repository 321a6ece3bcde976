"""What the client adds to the time of a cluster, and how fast it sends.

    speed.py search BINARY http://HOST:PORT NAME QUERIES     each search, over what the cluster says it took
    speed.py send BINARY FILE.jsonl                          passages a second, to a server that takes everything

Between the client and the cluster stands a relay that notes what each request took, as the cluster says (`took`). Then the
same is asked without the relay, and what each search took here is compared with that.
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
                # That of the request stands before or behind those of its searches.
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

    def asked(address):
        """Of each search how long it took, in milliseconds, and what the relay noted meanwhile."""
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

    # A cluster keeps what it counted: all are asked as often before.
    asked(host)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    relayed = asked(relay)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The same again without the relay, which reads and writes all of it once more.
    direct = [spent for spent, _ in asked(host)]
    rounds = [len(noted) for _, noted in relayed]
    over = [spent - sum(noted) for spent, (_, noted) in zip(direct, relayed)]
    show = lambda all: f"median {statistics.median(all):.1f} ms, 95 % {sorted(all)[int(len(all) * 0.95)]:.1f} ms"
    one = [ms for ms, asks in zip(over, rounds) if asks == 1]
    print(f"{len(over)} searches, {len(one)} of one request; a round trip through the relay {trip:.1f} ms")
    print(f"over what the cluster took: of one request {show(one)}; all {show(over)}")
    print(f"through the relay: {show([spent - sum(noted) for spent, noted in relayed])}")
    worked = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    cores = worked * 1e3 / len(over)
    print(f"of it this program worked {cores:.1f} ms for a search, {cores * len(over) / sum(rounds):.1f} ms for a request")


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
        f"{state['passages'] / spent:.0f} passages a second, {2 * state['passages'] / cores:.0f} where two cores are free"
    )


{"search": search, "send": send}[sys.argv[1]](*sys.argv[2:])
