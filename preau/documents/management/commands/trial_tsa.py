"""`manage.py trial_tsa --port 8318`: the trial time-stamp authority over HTTP, to try its loss."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import tsp
from django.core.management.base import BaseCommand, CommandParser

from preau.documents import trial

LARGEST_QUESTION = 10_000


class Answers(BaseHTTPRequestHandler):
    """RFC 3161 over HTTP, section 3.4."""

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length", 0)), LARGEST_QUESTION)
        try:
            request = tsp.TimeStampReq.load(self.rfile.read(length), strict=True)
            body = trial.answer(request).dump()
        except (ValueError, TypeError):
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *words: Any) -> None:
        """Nothing: who asks for the time of what is nobody's business."""


class Command(BaseCommand):
    help = "Serve the trial time-stamp authority on loopback (demonstrations and tests only)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        trial.folder()
        with ThreadingHTTPServer(("127.0.0.1", options["port"]), Answers) as server:
            self.stdout.write(f"http://127.0.0.1:{server.server_port}/")
            self.stdout.flush()
            server.serve_forever()
