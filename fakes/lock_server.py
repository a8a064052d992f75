"""What the fake lock services share: JSON over HTTP, and the troubles that a test asks for.

`--port N` and `--set JSON` (changes the first state) start it so. Doors of tests:
`POST /_trouble` `{"kind": …, "calls": n}` (the next n calls go wrong so), `POST /_set` (changes the
state), `GET /_state` (all of it), `GET /_calls` (method, path and body of every call), `POST
/_reset`. With `{"kind": "lost"}` the call is done, and its answer never sent.
"""

import argparse
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

STATUSES = {"401": 401, "403": 403, "429": 429, "500": 500}


class Said(Exception):
    """An answer: status and body."""


class Fake(BaseHTTPRequestHandler):
    """Subclasses say `fresh()` (a new state) and `route(method, path, query, body, headers)`."""

    protocol_version = "HTTP/1.1"
    state, calls, trouble = {}, [], {}

    def do_GET(self):
        self.serve()

    do_POST = do_PUT = do_DELETE = do_GET

    def serve(self):
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if parts.path.startswith("/_"):
            return self.answer(200, self.back_door(parts.path, raw))
        self.calls.append([self.command, self.path, raw.decode()])
        kind = self.next_trouble()
        if kind and kind != "lost":
            return getattr(self, f"trouble_{kind}", lambda: self.plain(kind))()
        try:
            said = self.route(self.command, parts.path, dict(parse_qsl(parts.query)), raw)
        except Said as error:
            said = error.args
        if kind == "lost":
            self.close_connection = True
            return None
        return self.answer(*said)

    def next_trouble(self):
        if not self.trouble.get("calls"):
            return None
        self.trouble["calls"] -= 1
        return self.trouble["kind"]

    def plain(self, kind):
        self.answer(STATUSES[kind], {"error": kind}, {"Retry-After": "7"} if kind == "429" else {})

    def trouble_down(self):
        self.close_connection = True

    def trouble_slow(self):
        time.sleep(1.5)
        self.close_connection = True

    def trouble_drip(self):
        self.start(200, "application/json", 1000)
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            pass
        self.close_connection = True

    def trouble_truncated(self):
        self.start(200, "application/json", 9)
        self.wfile.write(b'{"list": ')

    def trouble_html(self):
        self.start(200, "text/html", 4)
        self.wfile.write(b"<p/>")

    def trouble_shape(self):
        self.answer(200, {"surprise": [None]})

    def trouble_list(self):
        self.answer(200, [None])

    def back_door(self, path, raw):
        if path == "/_reset":
            self.state.clear()
            self.state.update(self.fresh())
            self.calls.clear()
            self.trouble.clear()
        elif path == "/_trouble":
            self.trouble.update(json.loads(raw))
        elif path == "/_set":
            self.state.update(json.loads(raw))
        elif path == "/_calls":
            return list(self.calls)
        return self.state

    def answer(self, status, body, headers=None):
        payload = b"" if body is None else json.dumps(body).encode()
        self.start(status, "application/json;charset=UTF-8", len(payload), headers or {})
        self.wfile.write(payload)

    def start(self, status, kind, length, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args):
        pass


def serve(handler):
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--set", type=json.loads, default={})
    asked = parser.parse_args()
    handler.state.update(handler.fresh() | asked.set)
    server = ThreadingHTTPServer(("127.0.0.1", asked.port), handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
