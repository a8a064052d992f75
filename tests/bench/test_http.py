"""The pages over HTTP: addresses that answer, visitors who look, processes that are counted."""

import http.server
import os
import threading

import pytest
from django.test import Client

from bench import http as measured
from bench.http import usage
from bench.http.server import HEADERS, Site
from bench.http.visits import AGENT, PAGES, Page
from bench.reads.questions import Crowd
from preau.core import clock

HERE = Page("here", lambda crowd, count: iter(()), "<li>", least=2)


@pytest.mark.parametrize(
    "page", [one for one in PAGES if one.person != AGENT], ids=lambda p: p.name
)
def test_every_address_is_a_page(town, page):
    crowd = Crowd("x", clock.today())
    for url in page.draw(crowd, 3):
        answer = Client().get(url)
        assert answer.status_code == 200, url
        assert answer.content.decode().count(page.mark) >= page.least
        assert "erreurs" not in answer.content.decode(), url


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"<li>" * (1 if self.path == "/short" else 3)
        self.send_response(404 if self.path == "/lost" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said):
        """Say nothing."""


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(server.server_port, "", os.getpid())
    server.shutdown()
    thread.join()
    server.server_close()


def test_visitors_look_at_every_answer(site):
    seen = measured.ask(site, HERE, ["/a"] * 30, HEADERS, 4)
    assert seen["marks"] == 90 and len(seen["milliseconds"]) == 30
    assert all(seen["milliseconds"])


@pytest.mark.parametrize("path", ["/lost", "/short"])
def test_a_bad_answer_ends_the_measure(site, path):
    with pytest.raises(RuntimeError, match="1 bad answers"):
        measured.ask(site, HERE, ["/a", path, "/a"], HEADERS, 2)


def test_processor_time_and_memory_of_a_process():
    me = os.getpid()
    before = usage.seconds([me])
    sum(number * number for number in range(3_000_000))
    assert usage.seconds([me]) > before
    resident, proportional = usage.memory(me)
    assert 0 < proportional <= resident
    assert me in usage.children(usage.parent(me))
    assert usage.seconds([2**22 - 1]) == 0
