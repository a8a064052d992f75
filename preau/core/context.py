"""What every page knows about the site itself."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from preau.core import navigation
from preau.core.header import HeaderLink, header_links


class Site:
    """Facts for the base page, computed only when the page asks."""

    name = "Préau"
    tagline = "Trouver et occuper un lieu public près de chez soi"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.theme = settings.THEME
        self.is_demo = settings.IS_DEMO
        self.map_tiles_url = settings.MAP_TILES_URL

    @property
    def request_id(self) -> str:
        return getattr(self.request, "request_id", "")

    @property
    def head_template(self) -> str:
        return f"core/themes/{self.theme}/head.html"

    @property
    def brand_template(self) -> str:
        return f"core/themes/{self.theme}/brand.html"

    @cached_property
    def navigation(self) -> list[navigation.Item]:
        return navigation.items(self.request)

    @cached_property
    def header_links(self) -> list[HeaderLink]:
        found = (make(self.request) for make in header_links)
        return [link for link in found if link is not None]


def site(request: HttpRequest) -> dict[str, Any]:
    return {"site": Site(request)}
