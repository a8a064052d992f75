"""Text of somebody else's HTML: paragraphs, lists and the addresses of links. Nothing of it is
ever shown as HTML, so that nothing in it can act."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import nh3

#: What an aid says in HTML, and what of it is kept: words, lists, links to pages and mailboxes.
_FIELDS = ("description", "eligibility", "contact", "subvention_comment", "project_examples")
_KEPT = frozenset(
    {"a", "b", "blockquote", "br", "em", "h2", "h3", "h4", "i", "li", "ol", "p", "strong", "ul"}
    | {"div", "h1", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr", "u"}
)
_SCHEMES = frozenset({"http", "https", "mailto"})

_UNSEEN = frozenset(
    {"script", "style", "head", "title", "template", "noscript", "iframe", "object"}
)
_BREAKS = frozenset(
    {"p", "div", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "br"}
)
_ADDRESS = re.compile(r"https?://|mailto:", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "li":
            self.parts.append("\n– ")
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.parts)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag == "a" and self.links:
            href, start = self.links.pop()
            said = "".join(self.parts[start:])
            href = href.removeprefix("mailto:") if _ADDRESS.match(href) else ""
            if href and href not in said:
                self.parts.append(f" ({href})")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of(html: str) -> str:
    """`<p>Une <b>aide</b></p><ul><li>un</li></ul>` → "Une aide\\n\\n– un"."""
    reader = _Reader()
    reader.feed(_CONTROLS.sub("", html or ""))
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    text = "\n".join(line for line in lines if line not in {"", "–"})
    # A blank line between paragraphs, none between the lines of a list.
    return re.sub(r"\n(?!– )", "\n\n", text)


def cleaned(line: Mapping[str, Any]) -> dict[str, Any]:
    """The same line, its HTML without what could act: nothing else enters the database."""
    found = dict(line)
    for name in _FIELDS:
        if isinstance(found.get(name), str):
            found[name] = nh3.clean(
                found[name],
                tags=set(_KEPT),
                attributes={"a": {"href"}},
                url_schemes=set(_SCHEMES),
                link_rel=None,
            )
    return found


def first_sentence(text: str, most: int = 300) -> str:
    """The beginning of a text, whole words, as a summary."""
    line = text.split("\n", 1)[0].strip()
    sentence = re.split(r"(?<=[.!?…])\s", line, maxsplit=1)[0]
    found = sentence if 20 <= len(sentence) <= most else line
    return found if len(found) <= most else found[: most - 1].rsplit(" ", 1)[0] + "…"
