"""The main menu and the site map: each room adds its own lines, in verbs.

A room writes, in its `AppConfig.ready`::

    navigation.register(Link("Trouver", "find:search", order=10))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


def always(request: HttpRequest) -> bool:
    return True


def signed_in(request: HttpRequest) -> bool:
    return bool(getattr(request, "user", None) and request.user.is_authenticated)


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the menu.

    Attributes:
        label: the words on the page.
        url_name: the view's name, without arguments.
        order: from left to right.
        visible: who sees it; `navigation.signed_in` or a function of the request.
        menu: False keeps it out of the main menu, in the site map only.
        hub: the page that gathers it with others ("piloter", "proposer"), or "".
        text: what it is for, in one sentence, on that page.
        gathers: the hub that this page is: lit while one of its pages is open.
    """

    label: str
    url_name: str
    order: int = 100
    visible: Callable[[HttpRequest], bool] = field(default=always)
    menu: bool = True
    hub: str = ""
    text: str = ""
    gathers: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A line ready to be shown."""

    label: str
    url: str
    current: bool
    text: str = ""


_links: dict[str, Link] = {}


def address_of(url_name: str) -> str:
    """Where a page without arguments is; "" when there is none of that name."""
    return _address(url_name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


@cache  # every page says the same twenty addresses
def _address(url_name: str, _prefix: str, urls: str) -> str:
    try:
        return reverse(url_name, urls)
    except NoReverseMatch:
        return ""


def register(link: Link) -> None:
    _links[link.url_name] = link


def gathered(request: HttpRequest, hub: str) -> list[Item]:
    """What a hub's page offers this person, in order."""
    links = sorted((one for one in _links.values() if one.hub == hub), key=lambda one: one.order)
    shown = [one for one in links if one.visible(request) and address_of(one.url_name)]
    return [Item(one.label, address_of(one.url_name), False, one.text) for one in shown]


def items(request: HttpRequest, *, everything: bool = False) -> list[Item]:
    """The lines this person sees; `everything` adds those of the site map."""
    here = _here(request)
    return [
        Item(link.label, address_of(link.url_name), link == here)
        for link in sorted(_links.values(), key=lambda one: (one.order, one.label))
        if (link.menu or everything) and _is_seen(link, request)
    ]


def hub_of(request: HttpRequest) -> Item | None:
    """The hub that gathers the page asked for; None out of hubs, and on the hub itself."""
    here = _here(request)
    if here is None or not here.gathers:
        return None
    url = address_of(here.url_name)
    return None if request.path == url else Item(here.label, url, True, here.text)


def _is_seen(link: Link, request: HttpRequest) -> bool:
    """Not when the room is there and its page is not."""
    return bool(address_of(link.url_name)) and link.visible(request)


def _here(request: HttpRequest) -> Link | None:
    """The line to light: the nearest page above this one, or the hub that gathers it."""

    def is_above(link: Link) -> bool:
        url = address_of(link.url_name)
        return bool(url) and request.path.startswith(url) and link.visible(request)

    # The longest: « Mes lieux » rather than « Gérer », which holds it.
    nearest = max(
        filter(is_above, _links.values()),
        key=lambda one: len(address_of(one.url_name)),
        default=None,
    )
    if nearest is None or nearest.menu or not nearest.hub:
        return nearest
    hubs = (one for one in _links.values() if one.gathers == nearest.hub)
    return next((one for one in hubs if _is_seen(one, request)), None)
