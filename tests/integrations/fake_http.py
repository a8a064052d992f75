"""A server that behaves badly on request, run as a process: `python fake_http.py` prints its port.

Each path is a behaviour; `/_calls/<path>` says how often a path was asked. A path under `/later/<n>`
is refused with 503 the first `n` times, then served.
"""

import gzip
import json
import sys
import time
from collections import Counter
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

JSON = "application/json; charset=utf-8"
calls = Counter()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if parts.path.startswith("/_calls"):
            return self.answer(200, calls[parts.path.removeprefix("/_calls")])
        calls[parts.path] += 1
        name, *rest = parts.path.strip("/").split("/")
        try:
            getattr(self, f"on_{name}")(*rest)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_POST = do_PUT = do_GET

    def answer(self, status, content=None, kind=JSON, **headers):
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(payload)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(payload)

    def raw(self, *pieces, pause=0.0):
        self.close_connection = True
        for piece in pieces:
            self.wfile.write(piece)
            time.sleep(pause)

    def on_echo(self):
        query = parse_qsl(urlsplit(self.path).query)
        sent = {name.lower(): value for name, value in self.headers.items()}
        port = self.client_address[1]
        said = {"query": query, "headers": sent, "body": self.body.decode(), "connection": port}
        self.answer(200, said)

    def on_status(self, status):
        self.answer(int(status), {"detail": "secret@example.fr"})

    def on_plain(self, status):
        self.answer(int(status), b"<h1>Non</h1>", "text/html")

    def on_wait(self, status, seconds):
        self.answer(int(status), {}, Retry_After=seconds)

    def on_until(self, seconds):
        at = formatdate(time.time() + int(seconds), usegmt=True)
        self.answer(503, {}, Retry_After=at)

    def on_later(self, times):
        failed = calls[urlsplit(self.path).path] <= int(times)
        self.answer(503 if failed else 200, {"asked": calls[urlsplit(self.path).path]})

    def on_redirect(self):
        self.answer(302, {}, Location="/echo")

    def on_slow(self):
        time.sleep(2)
        self.answer(200, {})

    def on_letters(self):
        """The body, a letter at a time, without end."""
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        self.raw(*[b"1," for _ in range(60)], pause=0.05)

    def on_whole(self):
        """The same, but valid wherever it is cut: only its lateness tells."""
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[]")
        self.raw(*[b" " for _ in range(60)], pause=0.05)

    def on_headers(self):
        """The headers, one at a time, without end."""
        self.raw(b"HTTP/1.1 200 OK\r\n")
        self.raw(*[f"X-{n}: 1\r\n".encode() for n in range(60)], pause=0.05)

    def on_cut(self):
        self.raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n[1"
        )

    def on_nothing(self):
        self.close_connection = True

    def on_garbage(self):
        self.raw(b"\x00\x01\x02 this is not HTTP\r\n\r\n")

    def on_lie(self, kind):
        kinds = {
            "html": "text/html",
            "text": "text/plain",
            "none": "",
            "problem": "application/problem+json",
        }
        self.answer(200, {"a": 1}, kinds[kind])

    def on_json(self, what):
        wrong = {
            "half": b'{"a": [1, 2',
            "empty": b"",
            "page": b"<html>",
            "nan": b'{"a": NaN}',
            "deep": b"[" * 200_000,
            "latin": '{"a": "é"}'.encode("latin-1"),
        }
        self.answer(200, wrong[what])

    def on_huge(self):
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.end_headers()
        self.raw(*[b"1" * 100_000 for _ in range(200)])

    def on_bomb(self):
        self.answer(200, gzip.compress(b" " * 20_000_000), Content_Encoding="gzip")

    def on_packed(self, what):
        good = gzip.compress(b'{"a": 1}')
        self.answer(200, good if what == "good" else b"not gzip", Content_Encoding="gzip")

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
