"""What upper rooms hand to a page of a lower one: a card of the home page, a panel of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Card:
    """A thing to do or to know, on the signed-in home page.

    Attributes:
        title: the link's words ("3 demandes à traiter").
        href: where it leads.
        text: one sentence: what waits, since when, what comes next.
        badge: `(kind, label)` of `{% ui_badge %}`, or None.
    """

    title: str
    href: str
    text: str = ""
    badge: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A section of someone else's page: a heading and a template of the room that gives it."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    #: Nothing in it yet but the way to begin: a page with many sections may fold it.
    is_empty: bool = False

    def render(self) -> SafeString:
        return render_to_string(self.template, self.context)
