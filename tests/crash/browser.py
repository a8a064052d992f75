"""A person with a browser: pages, forms with their token, and the patience to try again."""

import html.parser
import re
import threading
import time
from dataclasses import dataclass, field

import httpx

PATIENCE = 120
PAUSE = 0.25


@dataclass
class Form:
    action: str
    method: str
    fields: dict = field(default_factory=dict)
    buttons: str = ""


class _Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms = []
        self._open = False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            method = attrs.get("method", "get").lower()
            self.forms.append(Form(attrs.get("action", ""), method))
            self._open = True
        elif self._open and tag in {"input", "select", "textarea"} and attrs.get("name"):
            self.forms[-1].fields[attrs["name"]] = attrs.get("value", "")

    def handle_data(self, data):
        if self._open:
            self.forms[-1].buttons += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = False


class Page:
    """What came back at the end of the redirections."""

    def __init__(self, response):
        self.status, self.url, self.text = response.status_code, response.url, response.text

    @property
    def path(self):
        return self.url.path

    @property
    def words(self):
        """What the page says, without its tags: for the message of a failure."""
        main = self.text.partition("<main")[2] or self.text
        return f"{self.path} ({self.status}): {' '.join(re.sub(r'<[^>]+>', ' ', main).split())}"

    def says(self, words):
        return words in self.text

    def forms(self):
        reader = _Reader()
        reader.feed(self.text)
        return reader.forms

    def form(self, name, *, button=""):
        """The form to send that asks for this field."""
        for form in self.forms():
            if form.method == "post" and name in form.fields and button in form.buttons:
                return form
        raise AssertionError(f"{self.path}: no form with {name!r} ({self.status})\n{self.words}")


class Trouble:
    """How it went for all browsers together.

    Attributes:
        lost: connections cut before the answer came; whether the server acted is not known.
        broken: answers that say that the server is in trouble.
        down: nobody at the door.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self.answered = self.lost = self.broken = self.down = 0

    def note(self, what):
        with self._lock:
            setattr(self, what, getattr(self, what) + 1)


class Browser:
    """One browser. `patient`: an answer that is lost or broken is asked for again."""

    def __init__(self, address, *, cookie="", trouble=None, patient=False, headers=None):
        self.address = address
        self.client = httpx.Client(
            base_url=address, follow_redirects=True, timeout=60, verify=False, headers=headers
        )
        if cookie:
            self.client.cookies.set("sessionid", cookie)
        self.trouble, self.patient = trouble or Trouble(), patient

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def get(self, path):
        return self._ask("GET", path)

    def send(self, page, form, **typed):
        """Send a form of the page with what it holds and what is typed."""
        path = form.action or str(page.url)
        return self._ask("POST", path, data=form.fields | typed)

    def _ask(self, method, path, **what):
        deadline = time.monotonic() + PATIENCE
        while True:
            response = self._try(method, path, **what)
            if response is not None and (response.status_code < 500 or not self.patient):
                return Page(response)
            assert time.monotonic() < deadline, f"{method} {path}: no answer in {PATIENCE} s"
            time.sleep(PAUSE)  # a person breathes before the next click

    def _try(self, method, path, **what):
        try:
            response = self.client.request(method, path, **what)
        except httpx.TransportError as error:
            self.trouble.note("down" if isinstance(error, httpx.ConnectError) else "lost")
            if not self.patient:
                raise
            return None
        self.trouble.note("broken" if response.status_code >= 500 else "answered")
        return response
