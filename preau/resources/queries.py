"""Reads of the library. `for_need` is the only entry of what matches resources with projects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, Q, QuerySet, Value, Window
from django.db.models.functions import Cast, RowNumber

from preau.accounts.models import User
from preau.resources import areas
from preau.resources.areas import Area
from preau.resources.enums import (
    Audience,
    BlockageKind,
    Phase,
    ResourceKind,
    ResourceState,
    Theme,
)
from preau.resources.models import Resource, Signal
from preau.resources.models.resources import SEARCH_CONFIG
from preau.territories import names
from preau.territories.models import Commune

#: More candidates than anybody reads; the nearest and the most precise come first.
MOST_CANDIDATES = 200
#: Words of a project read as a search; the rest says little.
MOST_WORDS = 30
ALL_THEMES = len(Theme.values)


#: Its place among those of the same scale: when there are too many, the best of each are kept, so
#: that a hundred aids of a département do not hide those of the State.
_TURN = Window(
    RowNumber(),
    partition_by=F("reach"),
    order_by=(F("text_rank").desc(), F("theme_count").asc(), F("id").asc()),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that fits a need, with the facts that say why.

    Attributes:
        resource: without `body`, `eligibility` and `snapshot` (read apart when shown).
        themes: those asked that it is about, in the order of `Theme`.
        is_general: it is about every theme: that it fits says little.
        area: the nearest of its areas that covers one of the communes, in words.
        communes: codes of the asked communes that it covers; all those asked when it is whole.
        phase_named, audience_named: True when it names the asked phase (audience), False when it
            is open to any.
        days_left: until the last day to apply; None without one.
        text_rank: 0 (no asked word in it) to 1; 0 when no text was given.
    """

    resource: Resource
    themes: tuple[Theme, ...]
    is_general: bool
    area: Area
    communes: tuple[str, ...]
    phase_named: bool
    audience_named: bool
    days_left: int | None
    text_rank: float


def shown(*, on: date) -> QuerySet[Resource]:
    """What may be proposed that day: published, up to date, still open."""
    return Resource.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=on),
        Q(closes_on=None) | Q(closes_on__gte=on),
        state=ResourceState.PUBLISHED,
    )


def readable() -> QuerySet[Resource]:
    """What a link may still show to everybody: published, or expired (and said to be)."""
    states = [ResourceState.PUBLISHED, ResourceState.EXPIRED]
    return Resource.objects.filter(state__in=states).defer("snapshot", "search")


def covering(resources: QuerySet[Resource], communes: Iterable[Commune]) -> QuerySet[Resource]:
    """Those that hold in at least one of the communes (an index on `areas` serves it)."""
    keys = sorted({one for commune in communes for one in areas.keys_of(commune)})
    return resources.filter(areas__overlap=keys)


def for_need(  # noqa: PLR0913  a need has that many parts, each named by the caller
    *,
    themes: Collection[Theme | str] = (),
    blockage_kind: BlockageKind | str = "",
    commune_codes: Collection[str],
    phase: Phase | str = "",
    audience: Audience | str = "",
    kinds: Collection[ResourceKind | str] = (),
    text: str = "",
    on: date,
    limit: int = MOST_CANDIDATES,
) -> list[Candidate]:
    """The resources that may help: what fits, never how well (who asks decides that).

    Three statements whatever is found. The nearest first (commune, EPCI, département, région,
    France), then those whose words are nearest to the text, then the fewer themes the better. Of
    too many, the best of each scale are kept.

    Args:
        themes: at least one must be shared; none asked: any theme.
        blockage_kind: the kind it must help to lift; "": any.
        commune_codes: it must hold in at least one of these. Unknown codes find nothing.
        phase, audience: it must name it, or be open to any; "": not looked at.
        kinds: "aide", "ingenierie"…; none: all.
        text: the words of the project, for `Candidate.text_rank` only: nothing is left out.
        on: the day of the question: expired and closed ones are left out.
    """
    communes = list(Commune.objects.filter(code__in=commune_codes).select_related("departement"))
    found = covering(shown(on=on), communes)
    if themes:
        found = found.filter(themes__overlap=[str(one) for one in themes])
    if blockage_kind:
        found = found.filter(blockage_kinds__contains=[str(blockage_kind)])
    if phase:
        found = found.filter(Q(phases__contains=[str(phase)]) | Q(phases=[]))
    if audience:
        found = found.filter(Q(audiences__contains=[str(audience)]) | Q(audiences=[]))
    if kinds:
        found = found.filter(kind__in=[str(one) for one in kinds])
    rows = sorted(
        found.annotate(text_rank=_rank(text), theme_count=F("themes__len"), turn=_TURN)
        .defer("body", "eligibility", "snapshot", "search")
        .order_by("turn", "reach")[:limit],
        key=lambda row: (row.reach, row.turn),
    )
    return _with_facts(rows, communes, themes, str(phase), str(audience), on)


def _with_facts(
    rows: Sequence[Resource],
    communes: list[Commune],
    themes: Collection[Theme | str],
    phase: str,
    audience: str,
    on: date,
) -> list[Candidate]:
    keys = [(commune.code, areas.keys_of(commune)) for commune in communes]
    nearest: list[tuple[str, tuple[str, ...]]] = []
    for row in rows:
        covered = [(code, [one for one in own if one in row.areas]) for code, own in keys]
        held = [(code, own[0]) for code, own in covered if own]
        first = min((area for _, area in held), key=lambda area: areas.reach_of([area]))
        nearest.append((first, tuple(code for code, _ in held)))
    words = areas.named({area for area, _ in nearest})
    wanted = {str(one) for one in themes}
    return [
        Candidate(
            resource=row,
            themes=tuple(one for one in Theme if one in wanted and one in row.themes),
            is_general=len(row.themes) == ALL_THEMES,
            area=words[area],
            communes=codes,
            phase_named=phase in row.phases,
            audience_named=audience in row.audiences,
            days_left=(row.closes_on - on).days if row.closes_on else None,
            text_rank=row.text_rank,  # type: ignore[attr-defined]
        )
        for row, (area, codes) in zip(rows, nearest, strict=True)
    ]


def _rank(text: str) -> Cast | Value:
    """How near the words are, 0 to 1: any of them counts, those of the title most."""
    words = list(dict.fromkeys(names.search_key(text).split()))[:MOST_WORDS]
    if not words:
        return Value(0.0, output_field=FloatField())
    query = SearchQuery(" | ".join(words), config=SEARCH_CONFIG, search_type="raw")
    return Cast(SearchRank(F("search"), query, normalization=Value(32)), FloatField())


def ending(*, on: date, within: timedelta) -> QuerySet[Resource]:
    """What is published and ends by then; the mirrored ones end by themselves."""
    return Resource.objects.filter(
        state=ResourceState.PUBLISHED, expires_on__lte=on + within
    ).order_by("id")


def personal_data(user: User) -> dict[str, Any]:
    """What the library keeps about a person, for their export."""
    wrote = Resource.objects.filter(Q(edited_by=user) | Q(submitted_by=user) | Q(reviewed_by=user))
    signalled = Signal.objects.filter(user=user).select_related("resource").order_by("pk")
    return {
        "fiches ressources": [
            {"titre": one.title, "état": one.get_state_display()} for one in wrote.order_by("pk")
        ],
        "signalements de fiches": [
            {"fiche": one.resource.title, "motif": str(one), "message": one.message}
            for one in signalled
        ],
    }
