"""A small country drawn at random, and everybody that one can be to its projects."""

import random
from datetime import timedelta

from preau.accounts.actors import Actor
from preau.core import clock
from preau.projects.enums import (
    AssignmentState,
    BlockageState,
    PhaseStatus,
    Priority,
    ProjectRole,
    ProjectState,
    ServiceKind,
)
from preau.projects.models import Blockage, ProjectCommune, ProjectMember, ProjectProgramme
from preau.resources.enums import BlockageKind, Phase, Theme
from preau.territories.models import Crte
from tests.accounts.factories import UserFactory
from tests.projects.factories import (
    ProjectFactory,
    agent_of,
    assigned,
    holder,
    pair_of,
    programme,
    service,
)
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

WORDS = ("Halle", "École", "Chaufferie", "Médiathèque", "Verger", "Piscine")


class Country:
    def __init__(self, seed, projects=40):
        self.draw = random.Random(seed)
        self._land()
        self._people()
        self.projects = [self._project() for _ in range(projects)]

    def _land(self):
        auvergne, bretagne = RegionFactory(code="84"), RegionFactory(code="53")
        places = [("38", auvergne), ("26", auvergne), ("29", bretagne)]
        self.regions = {"84": auvergne, "53": bretagne}
        self.communes, self.crtes = [], []
        for code, region in places:
            departement = DepartementFactory(code=code, region=region)
            self.crtes.append(
                Crte.objects.create(
                    code=f"crte-{code}", name=f"CRTE {code}", departement=departement
                )
            )
            for number in range(2):
                self.communes.append(
                    CommuneFactory(
                        code=f"{code}{100 + number}",
                        name=f"Ville {code} {number}",
                        departement=departement,
                        latitude=43 + number * 3,
                        longitude=-3 + number * 5,
                    )
                )
        self.programmes = [programme(slug="villages"), programme(slug="crte")]

    def _people(self):
        isere = self.communes[0]
        self.pair = pair_of(isere)
        other, of_other = service(kind=ServiceKind.OTHER)
        self.other = other
        _, nation = service(kind=ServiceKind.NATIONAL)
        self.mayor, self.partner = holder(commune=isere), Actor(user=UserFactory())
        self.actors = {
            "ddt": agent_of(self.pair.ddt),
            "prefecture": agent_of(self.pair.prefecture),
            "region": agent_of(self.pair.escalates_to),
            "elsewhere": agent_of(pair_of(self.communes[4]).ddt),
            "nation": nation,
            "other": of_other,
            "mayor": self.mayor,
            "partner": self.partner,
            "stranger": Actor(user=UserFactory()),
            "hatless_agent": Actor(user=agent_of(self.pair.ddt).user),
        }

    def _project(self):
        draw = self.draw
        state, now = draw.choice(list(ProjectState)), clock.now()
        commune = draw.choice(self.communes)
        project = ProjectFactory(
            name=f"{draw.choice(WORDS)} n° {draw.randrange(1000)}",
            state=state,
            lead_commune=commune,
            phase=draw.choice(list(Phase)),
            phase_status=draw.choice(list(PhaseStatus)),
            themes=draw.sample([one.value for one in Theme], 2),
            crte=draw.choice([None, *self.crtes]),
            budget_cents=draw.choice([None, 0, 1_000_000]),
            updated_at=now - timedelta(days=draw.randrange(120)),
            due_on=draw.choice([None, now.date() - timedelta(days=3)]),
            escalated_at=draw.choice([None, now]),
            **({"holder_organization": self.mayor.organization} if draw.random() < 0.2 else {}),
        )
        if draw.random() < 0.3:
            project.priority, project.priority_reason = Priority.HIGH, "Subvention."
            project.save(update_fields=["priority", "priority_reason"])
        if draw.random() < 0.2:
            other = draw.choice(self.communes)
            ProjectCommune.objects.get_or_create(project=project, commune=other)
            project.departement_codes = sorted({commune.departement_id, other.departement_id})
            project.save(update_fields=["departement_codes"])
        if draw.random() < 0.4:
            ProjectProgramme.objects.create(
                project=project,
                programme=draw.choice(self.programmes),
                since=now.date(),
                until=draw.choice([None, None, now.date()]),
            )
        self._around(project)
        return project

    def _around(self, project):
        draw, now = self.draw, clock.now()
        if draw.random() < 0.3:
            ended = draw.random() < 0.5
            Blockage.objects.create(
                project=project,
                kind=BlockageKind.FONCIER,
                title="Terrain",
                state=BlockageState.LIFTED if ended else BlockageState.OPEN,
                ended_at=now if ended else None,
                end_reason="Acheté." if ended else "",
            )
        if draw.random() < 0.25:
            role = draw.choice([ProjectRole.SUPPORT, ProjectRole.OBSERVER, ProjectRole.PILOT])
            ProjectMember.objects.create(
                project=project,
                user=draw.choice([self.partner.user, self.actors["ddt"].user]),
                role=role,
                ended_at=draw.choice([None, None, now]),
            )
        if draw.random() < 0.25:
            role = draw.choice([ProjectRole.SUPPORT, ProjectRole.OBSERVER])
            made = assigned(project, self.other, role)
            if draw.random() < 0.3:
                made.state, made.ended_at = AssignmentState.ENDED, now
                made.save()
