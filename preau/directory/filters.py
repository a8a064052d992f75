"""What a visitor asks of the directory: one query for the list and for the map."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from preau.core import clock
from preau.directory.enums import SheetState
from preau.directory.models import Label, ServiceOffer, Sheet
from preau.directory.queries.now import open_at
from preau.territories.distances import distance_km, in_box
from preau.territories.models import Commune
from preau.territories.names import search_key

RADII = (5, 10, 15, 30, 50, 100)
DEFAULT_RADIUS = 15
#: Whose day it is where no commune is asked.
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Asked:
    """Every part may be empty; `commune` and `km` make a circle."""

    commune: Commune | None = None
    km: int = DEFAULT_RADIUS
    profile: str = ""
    kind: str = ""
    family: str = ""
    theme: str = ""
    label: str = ""
    words: str = ""
    open_now: bool = False
    accessible: bool = False

    @property
    def centre(self) -> tuple[float, float] | None:
        return self.commune.centre if self.commune else None

    @property
    def needs_where(self) -> bool:
        """What is open now, or renders a service, in all of France: no question of anybody's."""
        return self.commune is None and bool(self.open_now or self.family or self.theme)

    def of(self, *, anywhere: bool = False) -> QuerySet[Sheet]:
        """Published sheets that answer; `anywhere` forgets the circle."""
        found = Sheet.objects.filter(state=SheetState.PUBLISHED)
        if self.centre is not None and not anywhere:
            found = found.filter(in_box(*self.centre, self.km)).alias(
                away=distance_km(*self.centre)
            )
            found = found.filter(away__lte=self.km)
        return found.filter(self._facts(), *self._tests())

    def _facts(self) -> Q:
        asked = Q()
        if self.profile:
            asked &= Q(main_profile=self.profile) | Q(secondary_profiles__contains=[self.profile])
        if self.kind:
            asked &= Q(kind=self.kind)
        if self.accessible:
            asked &= Q(is_accessible=True)
        for word in search_key(self.words).split()[:8]:
            asked &= Q(search_key__contains=_stem(word))
        return asked

    def _tests(self) -> list[object]:
        tests: list[object] = []
        today = clock.today(ZoneInfo(self.commune.time_zone) if self.commune else PARIS)
        if self.family or self.theme:
            offers = ServiceOffer.objects.filter(sheet=OuterRef("pk")).filter(
                Q(until=None) | Q(until__gte=today)
            )
            if self.family:
                offers = offers.filter(family=self.family)
            if self.theme:
                offers = offers.filter(theme=self.theme)
            tests.append(Exists(offers))
        if self.label:
            borne = Label.objects.filter(sheet=OuterRef("pk"), words=self.label)
            tests.append(Exists(borne.filter(Q(until=None) | Q(until__gte=today))))
        if self.open_now:
            tests.append(open_at())
        return tests


def _stem(word: str) -> str:
    """« imprimantes » finds « imprimante »."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word
