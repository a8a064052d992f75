"""Where an upper room leaves something for a page of a lower one, without an import going up.

An upper room registers in its `AppConfig.ready`; the lower room calls what it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


class Registry:
    """An ordered list of callables under one name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entries: dict[str, tuple[int, Callable[..., Any]]] = {}

    def register(self, key: str, entry: Callable[..., Any], *, order: int = 100) -> None:
        self._entries[key] = (order, entry)

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        ranked = sorted(self._entries.items(), key=lambda item: (item[1][0], item[0]))
        return iter([entry for _, (_, entry) in ranked])


#: `(actor, scope) -> set[Role]`: roles that a room above `accounts` gives (roles on a place).
role_sources = Registry("role_sources")
#: `(actor) -> set[str]`: audience keys a person may read under ("place:12"), beyond their own.
audience_sources = Registry("audience_sources")
#: `(actor, keys) -> bool`: whether one of the keys names the actor, for keys that no source lists.
audience_tests = Registry("audience_tests")
#: `(keys) -> dict[str, str]`: who the audience keys it knows are, in words ("place:12": its name).
audience_names = Registry("audience_names")
#: `(request) -> Card | None`: what a person sees on their home page, most urgent first.
dashboard_cards = Registry("dashboard_cards")
#: `(request, place) -> Panel | None`: sections that upper rooms add to a manager's place page.
place_panels = Registry("place_panels")
#: `(request, space) -> Panel | None`: the same on a manager's space page.
space_panels = Registry("space_panels")
#: `(request, place) -> Panel | None`: what upper rooms show to everybody on a place's public page.
public_place_panels = Registry("public_place_panels")
#: `(request, sheet) -> Panel | None`: the same on the page of a place of the directory.
sheet_panels = Registry("sheet_panels")
#: `(kept, gone) -> None`: what a room does with what it hung on a sheet that is united to another:
#: `gone` answers no longer, its address leads to `kept`. In the transaction of the merge.
sheet_merges = Registry("sheet_merges")
#: `(request, booking) -> Panel | None`: sections that upper rooms add to a booking's page.
booking_panels = Registry("booking_panels")
#: `(request, source) -> list[Evidence]` ("booking:AB12"): what was found broken, with pictures;
#: each has `file`, `thumbnail`, `caption`, `url`, for whoever keeps a deposit.
deposit_evidence = Registry("deposit_evidence")
#: `(source) -> datetime | None`: when what a deposit guarantees begins; None for another room's.
deposit_begins = Registry("deposit_begins")
#: `(place or space) -> str`: why it cannot be archived (a French sentence), or "".
archive_objections = Registry("archive_objections")
#: `(source, target) -> None`: what a room does before everything of an organisation that is merged
#: becomes another's: rows that would clash, audience lines. In the transaction of the merge.
organization_merges = Registry("organization_merges")
#: Labels of models that tell the past of an organisation ("resources.Entry"): a merge leaves them.
organization_past: set[str] = set()
#: `(user) -> dict[str, Any]`: what a room keeps about a person, French headings, for their export.
personal_data_sources = Registry("personal_data_sources")

#: `(departement code, "" for the country) -> list[dict[str, Any]] | None`: public figures, month
#: after month, for machines; None where there are none of that place.
public_figures = Registry("public_figures")

# --- Projects
#: `(request, project) -> Panel | None`: sections that upper rooms add to a project's sheet.
project_panels = Registry("project_panels")
#: `(actor, wanted keys) -> list[Cause]`: what the person may book a space for, besides themself.
booking_causes = Registry("booking_causes")

# --- Doors
#: `(occupancy ids) -> dict[int, Entitlement]`: those among them that deserve a code of the doors of
#: their space, now, and for whom (`preau.access.entitlements`).
access_entitlements = Registry("access_entitlements")
