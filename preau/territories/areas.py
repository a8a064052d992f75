"""Territories of any size, named by one short key: what studies, calls and figures are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextChoices

from preau.core import clock
from preau.core.errors import Refusal
from preau.territories.models import Commune, Crte, CrteMembership, Departement, Epci, Region
from preau.territories.names import search_key


class AreaKind(TextChoices):
    NATION = "nation", "France entière"
    REGION = "region", "Région"
    DEPARTEMENT = "departement", "Département"
    CRTE = "crte", "CRTE"
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"


@dataclass(frozen=True, slots=True)
class Area:
    """A territory.

    Attributes:
        kind: its size.
        code: INSEE code, SIREN of an EPCI, identifier of a CRTE; "" for the nation.
        name: as people read it.
    """

    kind: AreaKind
    code: str
    name: str

    @property
    def key(self) -> str:
        """Stable, in addresses and in the database: "departement:38", "nation:"."""
        return f"{self.kind}:{self.code}"

    @property
    def label(self) -> str:
        """Tells it from others of its name: « Isère (38), département »."""
        return self.name if self.kind == AreaKind.NATION else f"{self.name}, {_WORDS[self.kind]}"

    def __str__(self) -> str:
        return self.name


_WORDS = {
    AreaKind.REGION: "région",
    AreaKind.DEPARTEMENT: "département",
    AreaKind.CRTE: "CRTE",
    AreaKind.EPCI: "intercommunalité",
    AreaKind.COMMUNE: "commune",
}
NATION = Area(AreaKind.NATION, "", "France entière")
_MODELS: dict[AreaKind, Any] = {
    AreaKind.REGION: Region,
    AreaKind.DEPARTEMENT: Departement,
    AreaKind.CRTE: Crte,
    AreaKind.EPCI: Epci,
    AreaKind.COMMUNE: Commune,
}


def area(key: str) -> Area:
    """The territory of a key.

    Raises:
        Refusal: no such territory.
    """
    kind, _, code = key.partition(":")
    if kind == AreaKind.NATION and not code:
        return NATION
    model = _MODELS.get(AreaKind(kind)) if kind in AreaKind.values else None
    found = model.objects.filter(pk=code).first() if model and code else None
    if found is None:
        raise Refusal("Ce territoire n’est pas connu. Choisissez-le dans la liste proposée.")
    return _area(AreaKind(kind), found)


def meant_area(text: str) -> tuple[Area | None, list[Area]]:
    """The territory that somebody typed, or chose among those suggested; else what it may be."""
    text = text.strip()
    if ":" in text:
        try:
            return area(text), []
        except Refusal:
            return None, []
    found = suggest_areas(text, 12)
    same = [one for one in found if search_key(text) in {search_key(one.label), _plain(one)}]
    return (same[0], []) if len(same) == 1 else (None, same or found)


def _plain(one: Area) -> str:
    return search_key(one.name.partition(" (")[0])


def _area(kind: AreaKind, found: Any) -> Area:
    name = str(found)
    if kind == AreaKind.COMMUNE:  # whose own words end with the département
        name = f"{found.name} ({found.main_postcode or found.pk})"
    return Area(kind, str(found.pk), name)


def communes_of(where: Area, *, on: date | None = None) -> QuerySet[Commune]:
    """Its communes in force; those of a CRTE on that day (today by default)."""
    communes = Commune.objects.filter(active=True)
    if where.kind == AreaKind.REGION:
        return communes.filter(departement__region_id=where.code)
    if where.kind == AreaKind.DEPARTEMENT:
        return communes.filter(departement_id=where.code)
    if where.kind == AreaKind.EPCI:
        return communes.filter(epci_id=where.code)
    if where.kind == AreaKind.COMMUNE:
        return communes.filter(pk=where.code)
    if where.kind == AreaKind.CRTE:
        return communes.filter(_in_contract(where.code, on or clock.today()))
    return communes


def keys_over(commune: Commune, *, on: date | None = None) -> list[str]:
    """Keys of every territory that holds it, itself included; CRTE of that day (today)."""
    day = on or clock.today()
    signed = CrteMembership.objects.filter(commune=commune, since__lte=day)
    codes = signed.filter(Q(until=None) | Q(until__gt=day)).values_list("crte_id", flat=True)
    found: list[tuple[AreaKind, object]] = [
        (AreaKind.COMMUNE, commune.pk),
        (AreaKind.EPCI, commune.epci_id),
        (AreaKind.DEPARTEMENT, commune.departement_id),
        (AreaKind.REGION, commune.departement.region_id),
    ]
    found += [(AreaKind.CRTE, code) for code in codes]
    return [NATION.key, *(f"{kind}:{code}" for kind, code in found if code)]


def departements_of(where: Area) -> list[str]:
    """Codes of the départements it touches; every hot table is asked by them."""
    codes = communes_of(where).order_by().values_list("departement_id", flat=True)
    return sorted(codes.distinct())


def suggest_areas(text: str, limit: int = 10) -> list[Area]:
    """Territories whose name holds the text, the largest kinds first; codes are understood.

    What a page showed (« Isère (38), département ») is understood too.
    """
    text, _, kind_typed = text.strip().rpartition(", ") if ", " in text else (text.strip(), "", "")
    text = text.partition(" (")[0].strip()
    kinds = [kind for kind in _MODELS if not kind_typed or _WORDS[kind] == kind_typed.lower()]
    if not text:
        return []
    found = [NATION] if search_key(text) in search_key(NATION.name) else []
    for kind in kinds or list(_MODELS):
        rows = _MODELS[kind].objects.filter(_named(kind, text))[: limit - len(found)]
        found += [_area(kind, one) for one in rows]
        if len(found) >= limit:
            break
    return found[:limit]


def _named(kind: AreaKind, text: str) -> Q:
    if kind == AreaKind.COMMUNE:
        named = Q(search_key__startswith=search_key(text)) | Q(pk=text)
        return named & Q(active=True)
    return Q(name__icontains=text) | Q(pk=text)


def _in_contract(code: str, on: date) -> Q:
    members = CrteMembership.objects.filter(crte_id=code, since__lte=on).filter(
        Q(until=None) | Q(until__gt=on)
    )
    return Q(pk__in=members.values("commune_id"))
