"""The State's services of the demonstration, and who carries projects in its communes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.accounts.models import User
from preau.core import clock
from preau.portal.demo import names
from preau.portal.demo.people import People, join, organization
from preau.projects import working_days
from preau.projects.enums import ServiceKind
from preau.projects.models import (
    Programme,
    ProgrammePerimeter,
    ServiceMember,
    StatePair,
    StateService,
    ThemeRule,
)
from preau.resources.enums import Theme
from preau.territories.models import Commune

#: Themes that the préfecture follows; the DDT has the others.
OF_PREFECTURE = frozenset(
    {
        Theme.SERVICES_PUBLICS,
        Theme.RISQUES,
        Theme.VIE_ASSOCIATIVE,
        Theme.CULTURE,
        Theme.EDUCATION,
        Theme.SPORT,
        Theme.NUMERIQUE,
        Theme.SANTE,
    }
)


@dataclass(frozen=True)
class State:
    """The pair, its people by service, and the service of the région."""

    pair: StatePair
    ddt: list[User]
    prefecture: list[User]
    region: StateService
    nation: StateService

    def service_for(self, theme: Theme) -> tuple[StateService, list[User]]:
        if theme in OF_PREFECTURE:
            return self.pair.prefecture, self.prefecture
        return self.pair.ddt, self.ddt

    def answer_by(self, filed: datetime) -> datetime:
        """As the pair promises it: working days, at the end of the last one."""
        departement = self.pair.departement
        zone = ZoneInfo(departement.time_zone)
        day = filed.astimezone(zone).date()
        last = working_days.later(departement.code, day, self.pair.acknowledge_days)
        return working_days.at(last, working_days.END_OF_DAY, zone)


def create_state(rng: Random, people: People, communes: list[Commune]) -> State:
    """DDT, préfecture, sous-préfecture, région and ANCT, with their people and their rules."""
    one, seat = people.personas, communes[0]
    ddt_people = [one["ddt"], *(_colleague(rng, f"ddt{n}") for n in range(1, 5))]
    prefecture_people = [one["prefecture"], *(_colleague(rng, f"pref{n}") for n in range(1, 4))]
    ddt = _service("DDT de l’Isère", ServiceKind.DDT, seat, ddt_people)
    prefecture = _service("Préfecture de l’Isère", ServiceKind.PREFECTURE, seat, prefecture_people)
    _service("Sous-préfecture de Vienne", ServiceKind.SUB_PREFECTURE, seat,
             [_colleague(rng, "sous-pref")])  # fmt: skip
    region = _service("Secrétariat général pour les affaires régionales", ServiceKind.REGION, seat,
                      [_colleague(rng, "region")])  # fmt: skip
    nation = _service("Agence nationale de la cohésion des territoires", ServiceKind.NATIONAL, seat,
                      [one["anct"]])  # fmt: skip
    pair = StatePair.objects.create(
        departement=seat.departement, ddt=ddt, prefecture=prefecture, escalates_to=region
    )
    state = State(pair, ddt_people, prefecture_people, region, nation)
    for theme in Theme:
        service, who = state.service_for(theme)
        person = who[hash_of(theme) % len(who)]
        ThemeRule.objects.create(
            departement=seat.departement, theme=theme, service=service, user=person
        )
        member, _ = ServiceMember.objects.get_or_create(service=service, user=person)
        member.themes = [*member.themes, theme]
        member.save(update_fields=["themes"])
    _perimeters(rng, communes)
    village = next(town for town in communes[30:] if town.code in people.towns)
    join(one["maire"], people.towns[village.code], MembershipRole.ADMINISTRATOR)
    return state


def _perimeters(rng: Random, communes: list[Commune]) -> None:
    """Programmes that do not apply everywhere: where they do."""
    since = clock.now().date() - timedelta(days=700)
    for programme in Programme.objects.filter(is_national=False):
        ProgrammePerimeter.objects.bulk_create(
            ProgrammePerimeter(programme=programme, commune=commune, since=since)
            for commune in rng.sample(communes, len(communes) // 5)
        )


def hash_of(theme: Theme) -> int:
    """The same on every machine."""
    return sum(map(ord, theme))


def _colleague(rng: Random, key: str) -> User:
    return User.objects.create_user(
        f"{key}@etat.demo.example",
        first_name=rng.choice(names.FIRST_NAMES),
        last_name=rng.choice(names.LAST_NAMES),
        phone="04 76 00 00 00",
    )


def _service(name: str, kind: ServiceKind, seat: Commune, people: list[User]) -> StateService:
    structure = organization(
        OrganizationKind.STATE_SERVICE, name, seat, f"{kind}@etat.demo.example"
    )
    for number, user in enumerate(people):
        role = MembershipRole.MEMBER if number else MembershipRole.ADMINISTRATOR
        join(user, structure, role)
    local = kind in {ServiceKind.DDT, ServiceKind.PREFECTURE, ServiceKind.SUB_PREFECTURE}
    return StateService.objects.create(
        organization=structure,
        kind=kind,
        departement=seat.departement if local else None,
        region=seat.departement.region if kind == ServiceKind.REGION else None,
        referent=people[0],
    )
