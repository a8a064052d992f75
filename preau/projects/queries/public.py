"""What anybody may know of an organisation by its number or its commune: public data only."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.core import clock, formats
from preau.territories import crte as crtes
from preau.territories.models import Commune, Crte, Epci


@dataclass(frozen=True, slots=True)
class PublicName:
    """A verified organisation, as a public register would give it: nothing of what it did here."""

    kind: str
    name: str
    commune: Commune


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """What follows from a commune."""

    commune: Commune
    epci: Epci | None
    crte: Crte | None
    population: int
    official_email: str

    @property
    def population_words(self) -> str:
        """« Isère (38), 22 004 habitants »"""
        people = formats.count(self.population, "habitant")
        return f"{self.commune.departement}, {people}" if self.population else ""

    @property
    def crte_words(self) -> str:
        return self.crte.name if self.crte else "Cette commune n’est dans aucun CRTE connu"


def by_siret(siret: str) -> PublicName | None:
    """The verified organisation of a number; unverified ones say nothing of a number."""
    found = Organization.objects.filter(siret=siret).exclude(verified_at=None)
    one = found.select_related("commune__departement", "commune__epci").first()
    return PublicName(one.kind, one.name, one.commune) if one and siret else None


def place_of(commune: Commune) -> PublicPlace:
    today = clock.today(ZoneInfo(commune.time_zone))
    crte = crtes.crte_of(commune, today)
    return PublicPlace(commune, commune.epci, crte, commune.population, commune.official_email)


def name_of(kind: str, commune: Commune) -> str:
    """The holder's name that a commune is enough to give; "" when it is not."""
    if kind == OrganizationKind.COMMUNE:
        return f"Commune {_of(commune.name)}"
    if kind == OrganizationKind.EPCI and commune.epci is not None:
        return commune.epci.name
    return ""


def _of(name: str) -> str:
    """« de Voiron », « d’Eybens », « du Havre », « des Mées »"""
    for article, word in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return word + name.removeprefix(article)
    return f"d’{name}" if name[:1] in "AEÉÈÊIÎOUŒ" else f"de {name}"


def authority(kind: str, commune: Commune) -> Organization | None:
    """The verified commune or EPCI of a place, when there is exactly one on the platform."""
    verified = Organization.objects.exclude(verified_at=None).filter(kind=kind)
    if kind == OrganizationKind.EPCI:
        verified = verified.filter(epci=commune.epci) if commune.epci else verified.none()
    else:
        verified = verified.filter(commune=commune)
    found = list(verified[:2])
    return found[0] if len(found) == 1 else None
