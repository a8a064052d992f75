"""Who is there: services of the State and their people, town halls, EPCI, CRTE."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from bench.projects.words import FIRST, LAST
from preau.accounts.enums import MembershipRole, OrganizationKind, VerificationMethod
from preau.projects.enums import ServiceKind
from preau.resources.enums import Theme
from preau.territories.models import Commune, Departement, Epci, Region

CRTES = 853
SERVICE_USERS = 1_800
SINCE = date(2021, 7, 1)
#: Accounts that measures sign in with: `<name>@demo.example`.
KNOWN_DEPARTEMENT, KNOWN_REGION = "38", "84"
Row = dict[str, Any]


@dataclass
class Service:
    pk: int
    organization: int
    kind: ServiceKind
    departement: str = ""
    region: str = ""
    users: list[int] = field(default_factory=list)


@dataclass
class Town:
    """A commune as the rest needs it."""

    code: str
    name: str
    departement: str
    epci: str | None
    crte: str
    population: int
    latitude: float
    longitude: float
    postcode: str


@dataclass
class People:
    """All rows that stand before the projects, in the order of their ids."""

    now: datetime
    rng: Random
    towns: list[Town] = field(default_factory=list)
    crtes: list[Row] = field(default_factory=list)
    users: list[Row] = field(default_factory=list)
    organizations: list[Row] = field(default_factory=list)
    memberships: list[Row] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    ddt: dict[str, Service] = field(default_factory=dict)
    prefecture: dict[str, Service] = field(default_factory=dict)
    regional: dict[str, Service] = field(default_factory=dict)
    region_of: dict[str, str] = field(default_factory=dict)
    #: code of the commune or SIREN of the EPCI → (organisation, its person)
    holders: dict[str, tuple[int, int]] = field(default_factory=dict)

    has_mayor: bool = False

    def holder(self, key: str, name: str, kind: OrganizationKind, town: Town) -> tuple[int, int]:
        """The town hall or the EPCI, made the first time it holds a project."""
        if key not in self.holders:
            siren = f"{len(self.holders) + 200_000_000:09d}"
            organization = self.add_organization(name, kind, town.code, siren)
            known = kind == OrganizationKind.COMMUNE and town.departement == KNOWN_DEPARTEMENT
            email = "mayor@demo.example" if known and not self.has_mayor else ""
            self.has_mayor |= known
            person = self.add_user(email)
            self.join(person, organization, MembershipRole.ADMINISTRATOR)
            self.holders[key] = (organization, person)
        return self.holders[key]

    def add_user(self, email: str = "") -> int:
        number = len(self.users) + 1
        self.users.append(
            {
                "id": number,
                "password": "!",
                "email": email or f"personne{number}@bench.example",
                "first_name": FIRST[number % len(FIRST)],
                "last_name": LAST[number // 7 % len(LAST)],
                "date_joined": self.now,
            }
        )
        return number

    def add_organization(
        self, name: str, kind: OrganizationKind, commune: str, siren: str = ""
    ) -> int:
        number = len(self.organizations) + 1
        self.organizations.append(
            {
                "id": number,
                "kind": kind,
                "name": name[:160],
                "commune_id": commune,
                "siren": siren,
                "siret": siren and f"{siren}00017",
                "verified_at": self.now,
                "verified_by_method": VerificationMethod.OPERATOR,
                "created_at": self.now,
            }
        )
        return number

    def join(self, user: int, organization: int, role: MembershipRole) -> None:
        row = {"id": len(self.memberships) + 1, "user_id": user, "organization_id": organization}
        self.memberships.append(row | {"role": role, "started_at": self.now})

    # --- The State's services

    def add_services(self) -> None:
        seats = {one.departement: one.code for one in reversed(self.towns)}
        for one in Departement.objects.order_by("code"):
            self.region_of[one.code] = one.region_id
            if one.code not in seats:
                continue
            for kind, word, kept in (
                (ServiceKind.DDT, "DDT", self.ddt),
                (ServiceKind.PREFECTURE, "Préfecture", self.prefecture),
            ):
                name = f"{word} – {one.name}"
                service = self._service(name, kind, seats[one.code], departement=one.code)
                kept[one.code] = service
                self._staff(service, 8, self._known("ddt", kind, one.code))
        for region in Region.objects.order_by("code"):
            inside = [code for code in seats if self.region_of[code] == region.code]
            if inside:
                name = f"SGAR – {region.name}"
                service = self._service(
                    name, ServiceKind.REGION, seats[inside[0]], region=region.code
                )
                self.regional[region.code] = service
                known = "region" if region.code == KNOWN_REGION else ""
                self._staff(service, 4, known)
        nation = self._service("Agence nationale (mesures)", ServiceKind.NATIONAL, "75056")
        self._staff(nation, max(SERVICE_USERS - len(self.users), 1), "nation")

    @staticmethod
    def _known(name: str, kind: ServiceKind, code: str) -> str:
        return name if kind == ServiceKind.DDT and code == KNOWN_DEPARTEMENT else ""

    def _service(
        self, name: str, kind: ServiceKind, commune: str, *, departement: str = "", region: str = ""
    ) -> Service:
        organization = self.add_organization(name, OrganizationKind.STATE_SERVICE, commune)
        service = Service(len(self.services) + 1, organization, kind, departement, region)
        self.services.append(service)
        return service

    def _staff(self, service: Service, count: int, known: str) -> None:
        for number in range(count):
            email = f"{known}@demo.example" if known and not number else ""
            person = self.add_user(email)
            first = MembershipRole.MEMBER if number else MembershipRole.ADMINISTRATOR
            self.join(person, service.organization, first)
            service.users.append(person)

    def service_rows(self) -> Iterator[Row]:
        for one in self.services:
            yield {
                "id": one.pk,
                "organization_id": one.organization,
                "kind": one.kind,
                "departement_id": one.departement or None,
                "region_id": one.region or None,
                "referent_id": one.users[0],
            }

    def service_member_rows(self) -> Iterator[Row]:
        themes, number = list(Theme), 0
        for service in self.services:
            for user in service.users:
                number += 1
                some = sorted(self.rng.sample(themes, 3))
                yield {"id": number, "service_id": service.pk, "user_id": user, "themes": some}

    def pair_rows(self) -> Iterator[Row]:
        for code, ddt in self.ddt.items():
            yield {
                "departement_id": code,
                "ddt_id": ddt.pk,
                "prefecture_id": self.prefecture[code].pk,
                "escalates_to_id": self.regional[self.region_of[code]].pk,
            }


def draw(now: datetime, seed: int) -> People:
    people = People(now, Random(f"{seed} people"))  # noqa: S311  a repeatable draw, no secret
    crte_of = _crtes(people)
    for one in Commune.objects.filter(active=True).order_by("-population", "code").iterator():
        people.towns.append(
            Town(
                one.code,
                one.name,
                one.departement_id,
                one.epci_id,
                crte_of.get(one.epci_id or "", ""),
                one.population,
                *one.centre,
                one.main_postcode,
            )
        )
    people.add_services()
    return people


def _crtes(people: People) -> dict[str, str]:
    """EPCI grouped into 853 contracts: neighbours of one département, by their numbers."""
    by_departement: dict[str, list[Epci]] = defaultdict(list)
    for epci in Epci.objects.filter(active=True).order_by("departement", "siren"):
        if epci.departement_id and epci.communes.exists():
            by_departement[epci.departement_id].append(epci)
    total = sum(map(len, by_departement.values()))
    found: dict[str, str] = {}
    seen = 0
    for code, epcis in by_departement.items():
        for epci in epcis:
            number = seen * CRTES // total  # as many numbers as contracts, spread evenly
            seen += 1
            name = f"crte-{number + 1:03d}"
            if not people.crtes or people.crtes[-1]["code"] != name:
                people.crtes.append(
                    {
                        "code": name,
                        "name": f"CRTE {epci.name}"[:250],
                        "departement_id": code,
                        "signed_on": SINCE,
                    }
                )
            found[epci.siren] = name
    return found
