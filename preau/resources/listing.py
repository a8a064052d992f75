"""The lists: what everybody reads, and what its keepers look after. Keyset pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Floor

from preau.accounts.actors import Actor
from preau.resources import areas, perms
from preau.resources.actions.following import WARNING
from preau.resources.areas import Area
from preau.resources.days import today
from preau.resources.enums import ResourceState, Source, Theme
from preau.resources.models import Resource
from preau.resources.models.resources import SEARCH_CONFIG
from preau.resources.queries import covering, shown
from preau.territories import names
from preau.territories.models import Commune

PAGE = 20
#: Beyond, the page says « plus de 500 ».
MOST_COUNTED = 500
S = ResourceState


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for; every part may be empty."""

    words: str = ""
    theme: str = ""
    kind: str = ""
    blockage_kind: str = ""
    audience: str = ""
    commune: Commune | None = None

    def __bool__(self) -> bool:
        return any((self.words, self.theme, self.kind, self.blockage_kind, self.audience)) or (
            self.commune is not None
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One resource of a list, with the areas it names in words."""

    resource: Resource
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is None beyond MOST_COUNTED; `next` is "" on the last page."""

    lines: list[Line] = field(default_factory=list)
    total: int | None = 0
    next: str = ""


def page(asked: Asked, *, after: str = "", on: date | None = None) -> Page:
    """What is shown that day and answers, the nearest words or territory first."""
    return _paged(_asked(shown(on=on or today()), asked), asked, after)


def _asked(found: QuerySet[Resource], asked: Asked) -> QuerySet[Resource]:
    if asked.theme:
        found = found.filter(themes__contains=[asked.theme])
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.blockage_kind:
        found = found.filter(blockage_kinds__contains=[asked.blockage_kind])
    if asked.audience:
        found = found.filter(Q(audiences__contains=[asked.audience]) | Q(audiences=[]))
    if asked.commune is not None:
        found = covering(found, [asked.commune])
    if (words := words_of(asked.words)) is not None:
        found = found.filter(Q(search=words) | Q(themes__overlap=themes_named(asked.words)))
    return found


def themes_named(text: str) -> list[str]:
    """The themes whose name says every word: « sport » finds what never writes it."""
    stems = {word[:5] for word in names.search_key(text).split() if len(word) > 3}
    return [
        theme.value
        for theme in Theme
        if stems and stems <= {word[:5] for word in names.search_key(theme.label).split()}
    ]


def words_of(text: str) -> SearchQuery | None:
    """Every word, each perhaps unfinished; accents and endings forgiven. None without a word."""
    # French stems keep the plural of « vélos »: the beginning of a word is looked for without it.
    found = [re.sub(r"(?<=...)[sx]$", "", word) for word in names.search_key(text).split()[:12]]
    words = " & ".join(f"{word}:*" for word in found)
    return SearchQuery(words, config=SEARCH_CONFIG, search_type="raw") if words else None


def _lead(asked: Asked) -> Cast | F | Value:
    """What comes before the alphabet: the nearest words, else the nearest territory."""
    if (words := words_of(asked.words)) is not None:
        rank = SearchRank(F("search"), words, normalization=Value(1))
        return Cast(Floor(rank * Value(-1_000_000.0)), IntegerField())
    return F("reach") if asked.commune is not None else Value(0, output_field=IntegerField())


def _paged(found: QuerySet[Resource], asked: Asked, after: str) -> Page:
    counted = found[: MOST_COUNTED + 1].count()
    rows = found.annotate(lead=_lead(asked)).order_by("lead", "title_key", "id")
    if (last := _read(after)) is not None:
        lead, title, pk = last
        rows = rows.filter(
            Q(lead__gt=lead)
            | Q(lead=lead, title_key__gt=title)
            | Q(lead=lead, title_key=title, id__gt=pk)
        )
    some = list(rows.defer("body", "eligibility", "snapshot", "search")[: PAGE + 1])
    more = ""
    if len(some) > PAGE:
        end = some[PAGE - 1]
        more = f"{end.lead}:{end.pk}:{end.title_key}"
    return Page(in_words(some[:PAGE]), None if counted > MOST_COUNTED else counted, more)


def _read(after: str) -> tuple[int, str, int] | None:
    """Where the page before ended; None for what no page of ours wrote."""
    lead, _, rest = after.partition(":")
    pk, _, title = rest.partition(":")
    plain = lead.removeprefix("-")
    if not (plain.isascii() and plain.isdigit() and pk.isascii() and pk.isdigit()):
        return None
    if len(plain) > 8 or len(pk) > 18 or "\x00" in title:
        return None
    return int(lead), title[:200], int(pk)


def in_words(rows: Sequence[Resource]) -> list[Line]:
    """With the names of their areas, in at most four statements."""
    known = areas.named({one for row in rows for one in row.areas})
    return [Line(row, tuple(known[one] for one in row.areas if one in known)) for row in rows]


# --- For those who keep records --------------------------------------------------------------


def kept_by(actor: Actor) -> QuerySet[Resource]:
    """What the person may look after with the present hat; mirrored aids keep themselves."""
    ours = Resource.objects.exclude(source=Source.AIDES_TERRITOIRES)
    if actor.organization_id is not None:
        return ours.filter(owner=actor.organization_id)
    if actor.is_operator:
        return ours | Resource.objects.filter(signals__closed_at=None, signals__isnull=False)
    return ours.none()


def _filters(actor: Actor) -> dict[str, Q]:
    wrote = Q(submitted_by=actor.user_id) | Q(edited_by=actor.user_id)
    this_day = today()
    return {
        "a_relire": Q(state=S.REVIEW) & ~wrote,
        "bientot": Q(state=S.PUBLISHED, expires_on__lte=this_day + WARNING),
        "signalee": Q(signals__isnull=False, signals__closed_at=None),
        "brouillon": Q(state=S.DRAFT),
        "relecture": Q(state=S.REVIEW),
        "publiee": Q(state=S.PUBLISHED),
        "perimee": Q(state=S.EXPIRED),
        "archivee": Q(state=S.ARCHIVED),
    }


#: The filters of the keepers' list, in words.
KEPT = {
    "a_relire": "À relire par vous",
    "bientot": "Périmées dans les 30 jours",
    "signalee": "Signalées par un lecteur",
    "brouillon": "Brouillons",
    "relecture": "En relecture",
    "publiee": "Publiées",
    "perimee": "Périmées",
    "archivee": "Archivées",
}


def page_of_kept(actor: Actor, *, which: str, words: str, after: str) -> Page:
    """The records of my organisation (of everybody, for the operator), by title."""
    asked = Asked()
    found = kept_by(actor)
    if which in KEPT:
        found = found.filter(_filters(actor)[which])
    if (query := words_of(words)) is not None:
        found = found.filter(search=query)
    pks = found.values("pk")  # a record signalled twice is one line
    return _paged(Resource.objects.filter(pk__in=pks), asked, after)


def waiting(actor: Actor) -> dict[str, int]:
    """How many records wait for the person, by filter: one statement."""
    if not (perms.may_create(actor) or actor.is_operator):
        return {}
    wanted = {name: _filters(actor)[name] for name in ("a_relire", "bientot", "signalee")}
    counts = {
        name: Count(Case(When(which, then="pk")), distinct=True) for name, which in wanted.items()
    }
    return kept_by(actor).aggregate(**counts)
