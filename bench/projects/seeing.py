"""The pages of the portfolio over HTTP, by the production server; the same questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bench.figures import progress
from bench.http import ask, measure, postmaster_pid, signed_in
from bench.http.server import HEADERS, serving
from bench.http.visits import Page
from bench.projects import Portfolio
from bench.projects.questions import KINDS, Crowd, Kind
from bench.reads.questions import Crowd as Visitors

#: Visitors at once → pages asked for in all.
LOADS = {1: 200, 8: 200}
WARMING = 30


def main(portfolio: Portfolio) -> None:
    wanted = [
        (kind, persona)
        for kind in KINDS
        for persona in kind.personas
        if portfolio.wants(f"projects.http.{kind.name}.{persona}")
    ]
    postmaster = postmaster_pid()
    with serving(portfolio.url) as site:
        for number, (kind, persona) in enumerate(wanted, 1):
            crowd = Crowd(f"{portfolio.seed} http {kind.name} {persona}")
            page = _page(kind, persona)
            headers = HEADERS | signed_in(persona, site.secret)
            ask(site, page, list(_urls(kind, persona, crowd, WARMING)), headers, 4)
            for clients, count in LOADS.items():
                urls = list(_urls(kind, persona, crowd, count))
                measure(site, page, urls, headers, clients, postmaster)
            progress("projects.http", number, len(wanted))


def _page(kind: Kind, persona: str) -> Page:
    def none(visitors: Visitors, count: int) -> Iterator[str]:
        return iter(())

    page = Page(f"projects.{kind.name}.{persona}", none, kind.mark)
    return replace(page, person=persona)


def _urls(kind: Kind, persona: str, crowd: Crowd, count: int) -> Iterator[str]:
    for _ in range(count):
        yield kind.url(persona, kind.ask(crowd))
