"""One exchange with an outside service: bounded in time and size, its answer checked.

What every client needs and none should write twice. Retries across minutes belong to tasks, and
whether a service is worth asking at all to the room that calls: here are only the few tries that a
person, or a batch, can wait for.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx

from preau.integrations.public import NotPublic, public

#: Seconds for a whole exchange on somebody's click, and the longest answer read, in bytes.
TIMEOUT_SECONDS = 3.0
LARGEST_ANSWER = 8_000_000
#: Seconds before the second try; doubled each time, and never all at the same instant.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

Params = Mapping[str, str | int | float | Sequence[str]]


class Unavailable(Exception):
    """It could not be asked now: no answer in time, an error of its own, another shape.

    Carries what happened in a few words, never what was sent nor what was answered.

    Attributes:
        retry_after: seconds it asked to wait, None when it said nothing.
    """

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.retry_after = retry_after


class Throttled(Unavailable):
    """429: too many requests."""


class Unauthorized(Unavailable):
    """401 or 403: the key is missing, wrong, expired or not allowed this."""


class Moved(Unavailable):
    """A redirection: none is followed, since where it leads was agreed by nobody.

    Attributes:
        to: the address it names, perhaps relative, as it was sent.
    """

    def __init__(self, what: str, to: str) -> None:
        super().__init__(what)
        self.to = to


class Rejected(Exception):
    """It understood and says no (another 4xx): asking again changes nothing.

    Attributes:
        status: HTTP status.
        said: the answer read as JSON, None when it is none; may hold what was sent, so never
            logged.
    """

    def __init__(self, status: int, said: Any = None) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of a success."""

    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> Any:
        """
        Raises:
            Unavailable: not JSON, or said to be something else.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise Unavailable("the answer is not JSON")
        try:
            return _read_json(self.body)
        except ValueError:
            raise Unavailable("the answer is not JSON") from None


class _Line:
    """The connection in use, hung up when the time of an exchange is over.

    The time-out of the library is of each piece that comes: one letter a second, headers or body,
    would never end.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._is_over = False

    @contextmanager
    def hung_up_after(self, seconds: float) -> Iterator[None]:
        """
        Raises:
            Unavailable: the time was over before the end, even where what came looks whole.
        """
        self._is_over = False
        clock = threading.Timer(seconds, self._hang_up)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            clock.join()
            if self._is_over:
                raise Unavailable("the answer is too slow") from None

    def follow(self, event: str, said: Mapping[str, Any]) -> None:
        """Told by the library of each of its steps (its "trace" extension)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = said["return_value"].get_extra_info("socket")
            if self._is_over:
                self._hang_up()

    def _hang_up(self) -> None:
        self._is_over = True
        if self._socket is not None:
            with suppress(OSError):  # closed already
                self._socket.shutdown(socket.SHUT_RDWR)


@dataclass
class Service:
    """A service at its address; a context manager keeps its connection from call to call.

    Attributes:
        url: root, without a final slash.
        headers: sent each time (its key); never logged.
        timeout: seconds for an exchange, however slowly the answer drips; counted again for each
            address of a name where none takes the call.
        tries: how many for what may be asked twice; 1 on a person's click.
        largest_answer: bytes, the longest answer read.
        only_public: the address was typed by somebody: private ones are not called.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = TIMEOUT_SECONDS
    tries: int = 1
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    largest_answer: int = LARGEST_ANSWER
    only_public: bool = False
    _client: httpx.Client | None = field(default=None, init=False, repr=False)
    _line: _Line = field(default_factory=_Line, init=False, repr=False)

    def __enter__(self) -> Self:
        self._client = self._dialler()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._client is not None
        self._client.close()
        self._client = None

    def get(self, path: str, params: Params | None = None) -> Answer:
        return self.send("GET", path, params=params, again=True)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Answer:
        """One exchange; several when it failed and may be repeated.

        Args:
            content: the body, already written; `json_bytes` makes one.
            again: asking twice is asking once: the service may be tried `tries` times.

        Raises:
            Unavailable: after the last try.
            Rejected: at once.
        """
        pause = FIRST_PAUSE
        for left in range(self.tries - 1 if again else 0, -1, -1):
            try:
                return self._once(method, path, params, content, headers or {})
            except Unauthorized:
                raise
            except Unavailable as error:
                wait = error.retry_after if error.retry_after is not None else pause
                if not left or wait > LONGEST_PAUSE:
                    raise
                self.sleep(wait + random.uniform(0, pause / 2))  # noqa: S311  (no secret)
                pause = min(pause * 2, LONGEST_PAUSE)
        raise AssertionError("a try returns or raises")

    def _once(
        self,
        method: str,
        path: str,
        params: Params | None,
        content: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer:
        return judged(self.exchanged(method, path, params, content, headers))

    def exchanged(
        self,
        method: str,
        path: str,
        params: Params | None,
        content: bytes | None,
        headers: Mapping[str, str],
    ) -> Answer:
        """One exchange, whatever its status: for who reads faults in the body of a 500.

        Raises:
            Unavailable: no whole answer in time.
        """
        client = self._client or self._dialler()
        try:
            with (
                self._line.hung_up_after(self.timeout),
                client.stream(
                    method,
                    content=content,
                    timeout=self.timeout,
                    follow_redirects=False,
                    **self._aimed(path, params, headers),
                ) as answer,
            ):
                body = _read(answer, self.largest_answer)
        except NotPublic as error:
            raise Unavailable(str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise Unavailable(type(error).__name__) from None
        finally:
            if client is not self._client:
                client.close()
        return Answer(answer.status_code, answer.headers, body)

    def _dialler(self) -> httpx.Client:
        """An address that somebody typed is called from here: a proxy named by the environment
        would look its name up again, and call what we refuse."""
        return httpx.Client(trust_env=not self.only_public)

    def _aimed(
        self, path: str, params: Params | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """Address, headers and steps told, as the library wants them."""
        url, sent = self.url + path, {**self.headers, **headers}
        extensions: dict[str, Any] = {"trace": self._line.follow}
        if self.only_public:
            target = public(url)
            url, sent = target.url, {**sent, "Host": target.authority}
            extensions["sni_hostname"] = target.host
        given = {"params": dict(params)} if params else {}
        return {"url": url, "headers": sent, "extensions": extensions, **given}


def json_bytes(said: Any) -> bytes:
    """A JSON body, as short as can be: some services limit its size."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _read(answer: httpx.Response, largest: int) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        size += len(part)
        if size > largest:
            raise Unavailable("the answer is too long")
        parts.append(part)
    return b"".join(parts)


def _read_json(body: bytes) -> Any:
    """Raises: ValueError, also for what only Python reads (NaN) or can't (too deep)."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("too deep") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def judged(answer: Answer) -> Answer:
    """
    Raises:
        Unavailable, Rejected: it is not a success.
    """
    status = answer.status
    if status < 300 or status == 304:  # not changed: only who asked so hears it
        return answer
    if status in (401, 403):
        raise Unauthorized(f"status {status}")
    if status == 429:
        raise Throttled(f"status {status}", retry_after=_seconds(answer.headers))
    if 300 < status < 400 and "location" in answer.headers:
        raise Moved(f"status {status}", answer.headers["location"])
    if status < 400 or status == 408 or status >= 500:
        raise Unavailable(f"status {status}", retry_after=_seconds(answer.headers))
    try:
        said = _read_json(answer.body)
    except ValueError:
        said = None
    raise Rejected(status, said)


def _seconds(headers: httpx.Headers) -> float | None:
    """`Retry-After`, in seconds or as a date (RFC 9110, § 10.2.3)."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, at.timestamp() - time.time())
