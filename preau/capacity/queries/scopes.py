"""What a page of capacity is about: a space, a place, an organisation's places, a territory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.core.errors import Refusal
from preau.core.french import by_name
from preau.places.enums import Publication
from preau.places.models import Place, Space
from preau.territories.areas import (
    Area,
    AreaKind,
    area,
    communes_of,
    departements_of,
    suggest_areas,
)

#: Above, the summaries of the night answer, in whole months; below, the bookings themselves.
MOST_LIVE = 300


class ScopeKind(StrEnum):
    SPACE = "espace"
    PLACE = "lieu"
    OWNER = "structure"
    AREA = "territoire"


@dataclass(frozen=True)
class Scope:
    """Attributes:
    key: stable, in addresses: "lieu:7", "structure:3", or the key of a territory.
    where: the conditions on `Space` that choose its roots.
    """

    kind: ScopeKind
    key: str
    name: str
    where: dict[str, object]
    area: Area | None = None
    pk: int = 0

    @property
    def is_large(self) -> bool:
        """Read from the summaries of whole départements."""
        return self.area is not None and self.area.kind in (AreaKind.NATION, AreaKind.REGION)

    @property
    def label(self) -> str:
        """Tells it from others of its name."""
        return self.area.label if self.area is not None else self.name

    def departements(self) -> list[str]:
        if self.area is not None:
            return departements_of(self.area)
        places = Place.objects.filter(publication=Publication.PUBLISHED)
        if self.kind == ScopeKind.OWNER:
            places = places.filter(owner=self.pk)
        elif self.kind == ScopeKind.PLACE:
            places = places.filter(pk=self.pk)
        else:
            places = places.filter(spaces=self.pk)
        return sorted(set(places.values_list("departement_code", flat=True)))

    def exceeds(self, most: int) -> bool:
        """Whether more roots than that are in it."""
        found = Space.objects.filter(
            root=None, place__publication=Publication.PUBLISHED, **self.where
        )
        return self.is_large or len(found.order_by().values_list("pk")[: most + 1]) > most


def of_place(place: Place) -> Scope:
    where: dict[str, object] = {"place": place.pk}
    return Scope(ScopeKind.PLACE, f"lieu:{place.pk}", place.name, where, pk=place.pk)


def of_space(space: Space) -> Scope:
    """Its whole hall: a part alone has no square metre of its own."""
    root = space.root or space
    name = f"{root.name}, {root.place.name}"
    return Scope(ScopeKind.SPACE, f"espace:{root.pk}", name, {"pk": root.pk}, pk=root.pk)


def of_owner(organization: Organization) -> Scope:
    key, where = f"structure:{organization.pk}", {"place__owner": organization.pk}
    name = f"{organization.name}, ses lieux"
    return Scope(ScopeKind.OWNER, key, name, dict(where), pk=organization.pk)


def of_area(found: Area) -> Scope:
    where: dict[str, object] = {}
    if found.kind == AreaKind.DEPARTEMENT:
        where = {"place__departement_code": found.code}
    elif found.kind != AreaKind.NATION:
        where = {"place__commune__in": list(communes_of(found).values_list("pk", flat=True))}
    return Scope(ScopeKind.AREA, found.key, found.name, where, area=found)


def scope_of(key: str) -> Scope:
    """The scope of a key.

    Raises:
        Refusal: nothing is known by that name, or it is not public.
    """
    kind, _, number = key.partition(":")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    found = _public(kind, pk)
    return found or of_area(area(key))


def _public(kind: str, pk: int) -> Scope | None:
    published = {"place__publication": Publication.PUBLISHED}
    if kind == ScopeKind.SPACE:
        spaces = Space.objects.filter(**published).select_related("place", "root__place")
        space = spaces.filter(pk=pk).first()
        return of_space(space) if space else None
    if kind == ScopeKind.PLACE:
        place = Place.objects.filter(pk=pk, publication=Publication.PUBLISHED).first()
        return of_place(place) if place else None
    if kind == ScopeKind.OWNER:
        owner = Organization.objects.filter(pk=pk, merged_into=None).first()
        return of_owner(owner) if owner else None
    return None


_HOME = {
    OrganizationKind.DEPARTEMENT: AreaKind.DEPARTEMENT,
    OrganizationKind.STATE_SERVICE: AreaKind.DEPARTEMENT,
    OrganizationKind.REGION: AreaKind.REGION,
    OrganizationKind.EPCI: AreaKind.EPCI,
}


def home_of(organization: Organization | None) -> Scope:
    """Where somebody who acts for this organisation begins: its own territory."""
    if organization is None:
        return of_area(area("nation:"))
    commune = organization.commune
    kind = _HOME.get(OrganizationKind(organization.kind), AreaKind.COMMUNE)
    codes = {
        AreaKind.DEPARTEMENT: commune.departement_id,
        AreaKind.REGION: commune.departement.region_id,
        AreaKind.EPCI: organization.epci_id or commune.epci_id,
        AreaKind.COMMUNE: commune.pk,
    }
    code = codes[kind]
    return of_area(area(f"{kind}:{code}" if code else f"commune:{commune.pk}"))


def suggested(text: str, limit: int = 10) -> list[Scope]:
    """Territories first, then places and organisations whose name holds the text."""
    text = text.strip()[:100].replace("\x00", " ")
    if len(text) < 2:
        return []
    found = [of_area(one) for one in suggest_areas(text, limit - 4)]
    places = Place.objects.filter(publication=Publication.PUBLISHED, name__icontains=text)
    found += [of_place(one) for one in places.order_by(*by_name("name"))[:4]]
    owners = Organization.objects.filter(
        name__icontains=text, merged_into=None, places__publication=Publication.PUBLISHED
    )
    found += [of_owner(one) for one in owners.distinct().order_by(*by_name("name"))[:4]]
    return found[: limit + 2]


def asked(typed: str) -> tuple[Scope | None, list[Scope]]:
    """What a key or a name means; several when it may mean several.

    Raises:
        Refusal: nothing is called so.
    """
    if ":" in typed:
        return scope_of(typed), []
    found, words = suggested(typed), typed.strip().casefold()
    exact = [one for one in found if words in (one.label.casefold(), one.name.casefold())]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0], []
    if not found:
        raise Refusal(
            f"Aucun territoire, lieu ou structure ne s’appelle « {typed} ». Vérifiez "
            "l’orthographe, ou écrivez le nom d’une commune ou d’un département.",
            field="ou",
        )
    return None, found
