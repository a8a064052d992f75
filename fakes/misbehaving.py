"""What any service does on a bad day, for fakes to share.

`POST /_mood/<kind>?times=n` spoils the next n calls (all of them without n): slow, drip, truncated,
html, cut (served, then unanswered), or a status (`429` says Retry-After, unless `?after=`). Slow is
one second, or `?seconds=`.
`POST /_mood/none` ends it.
"""

import contextlib
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SLOW_SECONDS = 1.0
DRIP_SECONDS = 0.05
mood = {"kind": None, "left": None, "after": "2", "seconds": SLOW_SECONDS}
lock = threading.RLock()


class Said(Exception):
    """An answer: status, content, and headers if any."""


class Handler(BaseHTTPRequestHandler):
    """A fake says `route(method, path, query, body)`, and `door(path, query, body)` for tests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def serve(self):
        parts = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if parts.path.startswith("/_"):
                found = self.opened(parts.path, query, body)
            elif (kind := spoiled()) == "cut":
                return self.cut(parts.path, query, body)
            elif kind:
                return self.misbehave(kind)
            else:
                found = self.route(self.command, parts.path, query, body)
            return self.answer(200, found)
        except Said as said:
            return self.answer(*said.args)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def opened(self, path, query, body):
        if path.startswith("/_mood/"):
            kind = path.removeprefix("/_mood/")
            left = int(query["times"]) if "times" in query else None
            mood.update(kind=None if kind == "none" else kind, left=left)
            mood["after"] = query.get("after", "2")
            mood["seconds"] = float(query.get("seconds", SLOW_SECONDS))
            return None
        return self.door(path, query, body)

    def answer(self, status, content, headers=None, kind="application/json; charset=utf-8"):
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(payload)

    def cut(self, path, query, body):
        self.close_connection = True
        with contextlib.suppress(Said):
            self.route(self.command, path, query, body)

    def misbehave(self, kind):
        if kind == "slow":
            time.sleep(mood["seconds"])
            return self.answer(200, {})
        if kind == "html":
            return self.answer(200, b"<!doctype html><p>Maintenance", kind="text/html")
        if kind == "truncated":
            return self.answer(200, b'{"records": [{"id": 1, "fie')
        if kind == "drip":
            return self.drip()
        after = {"Retry-After": mood["after"]} if kind == "429" and mood["after"] else None
        return self.answer(int(kind), {"error": "a bad day"}, after)

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "40")
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(DRIP_SECONDS)

    def log_message(self, *args):
        pass


def spoiled():
    with lock:
        if mood["left"] is not None:
            if not mood["left"]:
                mood.update(kind=None, left=None)
            else:
                mood["left"] -= 1
        return mood["kind"]


class Server(ThreadingHTTPServer):
    daemon_threads = True


def run(handler, port=0):
    server = Server(("127.0.0.1", port), handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def door(url, path, body=None):
    """Open a fake's door; what it answers."""
    content = b"" if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{url}{path}", data=content, method="POST")
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read())
