"""Calendars published over HTTP: `python -m fakes.ics --port 0 [file.ics …]` prints its port.

The files given are published under their names. `PUT /<name>.ics` publishes what is sent, `DELETE`
withdraws it; `GET` answers with validators, and 304 to who has that version. `/<mode>/<name>.ics`
misbehaves: `html`, `cut`, `slow`, `moved` or a status (`401`, `429`, `500`).
"""

import argparse
import hashlib
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

published = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        published[self.path] = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(204)

    def do_DELETE(self):
        published.pop(self.path, None)
        self.answer(204)

    def do_GET(self):
        *modes, name = self.path.strip("/").split("/")
        body = published.get(f"/{name}")
        if body is None:
            return self.answer(404, b"Not found", "text/plain")
        mode = modes[0] if modes else ""
        if mode.isdigit():
            return self.answer(int(mode), b"{}", "application/json", retry_after="120")
        if mode == "moved":
            return self.answer(302, location=f"/{name}")
        if mode == "html":
            return self.answer(200, b"<!doctype html><p>Connectez-vous", "text/html")
        if mode == "cut":
            return self.answer(200, body[: len(body) // 2])
        if mode == "slow":
            time.sleep(30)
        return self.version(body)

    def version(self, body):
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304, etag=etag)
        return self.answer(200, body, etag=etag)

    def answer(self, status, body=b"", kind="text/calendar; charset=utf-8", **headers):
        self.send_response(status)
        if status not in (204, 304):
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-").title(), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args()
    published.update({f"/{one.name}": one.read_bytes() for one in asked.files})
    server = ThreadingHTTPServer(("127.0.0.1", asked.port), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
