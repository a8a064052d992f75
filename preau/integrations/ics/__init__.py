"""An `.ics` published at an address (RFC 5545; `text/calendar`), read only when it has changed.

Conditional requests as RFC 9110, § 13: what the server said of the last one is sent back.
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from preau.integrations.http import Answer, Moved, Service, Unavailable

#: Redirections followed: an address moved, then given its final slash.
MOST_STEPS = 3
_KINDS = {"text/calendar", "text/plain", "application/octet-stream", ""}


class NoCalendar(Unavailable):
    """What is published there is no calendar, or only a part of one."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What was published, and what to say next time.

    Attributes:
        text: the calendar; None when it has not changed since.
        etag, modified: validators of this version, "" when the server gives none.
    """

    text: str | None
    etag: str = ""
    modified: str = ""


def fetch(
    url: str, *, etag: str = "", modified: str = "", only_public: bool = True, timeout: float = 20
) -> Feed:
    """The calendar at that address.

    Args:
        etag, modified: what the last `Feed` held.
        only_public: refuse private addresses; false for tests alone.

    Raises:
        Unavailable: no answer; `NoCalendar`, `Unauthorized`, `Throttled` among them.
        Rejected: the server knows no such address (404, 410) or refuses the request.
    """
    sent = {"Accept": "text/calendar, text/plain;q=0.5"}
    if etag:
        sent["If-None-Match"] = etag
    if modified:
        sent["If-Modified-Since"] = modified
    answer = _followed(url, sent, timeout, only_public)
    said = answer.headers
    if answer.status == 304:
        if not (etag or modified):
            raise Unavailable("status 304")
        return Feed(None, etag, modified)
    kind = said.get("content-type", "").partition(";")[0].strip().lower()
    text = _text(answer.body)
    if kind not in _KINDS or not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise NoCalendar("the answer is no calendar")
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise NoCalendar("the calendar is cut short")
    return Feed(text, said.get("etag", ""), said.get("last-modified", ""))


def _followed(url: str, sent: dict[str, str], timeout: float, only_public: bool) -> Answer:
    """The answer, where the address has moved: never from HTTPS to HTTP."""
    for _ in range(MOST_STEPS):
        try:
            return Service(url, headers=sent, timeout=timeout, only_public=only_public).get("")
        except Moved as error:
            try:
                target = httpx.URL(url).join(error.to)
            except httpx.InvalidURL:
                raise Unavailable("it moved to what is no address") from None
            if target.scheme not in {"https", httpx.URL(url).scheme}:
                raise Unavailable("it moved to an address without encryption") from None
            url = str(target)
    raise Unavailable("it moves from address to address")


def host_of(url: str) -> str:
    """The server's name: the rest of such an address is often a secret.

    Raises:
        ValueError: not an address.
    """
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        raise ValueError("not an address") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoCalendar("the calendar is not in UTF-8") from None
