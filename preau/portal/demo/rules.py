"""The rules of the demonstration: collèges lent by three signatures, halls lent with insurance."""

from __future__ import annotations

from datetime import timedelta

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Organization, User
from preau.agreements.actions.authorities import appoint, record_opinion
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole, LegalCase
from preau.agreements.loading import load_national_models
from preau.agreements.models import Model
from preau.booking.actions.rules import Asked, Step, Wanted, assign_rules, save_rules
from preau.booking.enums import Approver
from preau.booking.models import BookingRules
from preau.core import clock, formats
from preau.documents import rendering
from preau.documents.actions import deposit
from preau.documents.enums import DocumentKind, Risk
from preau.places.enums import PlaceKind, SpaceKind, UserCategory
from preau.places.models import Place, Space
from preau.portal.demo.people import People

STRUCTURES = [one for one in UserCategory.values if one != UserCategory.RESIDENT]
INSURANCE = Asked(DocumentKind.INSURANCE, STRUCTURES, with_request=False)


def write_rules(people: People, places: list[Place]) -> None:
    """Rules, and those who sign, for the collèges and the auditoriums."""
    load_national_models()
    schools = [one for one in places if one.kind == PlaceKind.ETABLISSEMENT_SCOLAIRE]
    colleges = [one for one in schools if one.owner_id == people.departement.pk]
    _colleges(people, colleges)
    _signs(people.metropole, people.personas["agent"], "vice-président délégué à la culture")
    _halls(people.metropole)
    _insured(people.associations[0], people.personas["presidente"])


def _colleges(people: People, colleges: list[Place]) -> None:
    """The head of school, then the département; an agreement signed by the three parties."""
    owner, head = people.departement, people.personas["principale"]
    steps = [
        Step(Approver.HEAD_OF_SCHOOL, Approver.HEAD_OF_SCHOOL.label, 120),
        Step(Approver.OWNER, "Direction de l’éducation", 72),
    ]
    rules = _rules(owner, "Collèges, hors temps scolaire", LegalCase.COLLEGE, steps)
    run = [one for one in colleges if one.roles.filter(user=head).exists()]
    assign_rules(rules, run, [], actor=SYSTEM)
    _signs(owner, people.personas["departement"], "directeur de l’éducation, par délégation")
    for place in run:
        who = Person(name=head.full_name, email=head.email, capacity="principale")
        appoint(owner, who, role=AuthorityRole.HEAD_OF_SCHOOL, place=place, actor=SYSTEM)
        record_opinion(
            place,
            board="Le conseil d’administration",
            given_on=clock.today(place.zone) - timedelta(days=45),
            is_favorable=True,
            actor=SYSTEM,
        )


def _halls(owner: Organization) -> None:
    """Auditoriums: insurance, and an agreement on the public domain."""
    rules = _rules(
        owner, "Auditorium", LegalCase.PUBLIC_DOMAIN, [Step(Approver.ANY, Approver.ANY.label, 96)],
        economic=True,
    )  # fmt: skip
    halls = Space.objects.filter(place__owner=owner, kind=SpaceKind.AUDITORIUM)
    assign_rules(rules, [], list(halls.select_related("place")), actor=SYSTEM)


def _insured(association: Organization, member: User) -> None:
    """Its certificate is in its vault already: the next request asks for nothing more."""
    now = clock.now()
    until = now.date() + timedelta(days=330)
    covered = list(Risk)
    facts = [[str(one.label), "Garantis"] for one in covered]
    facts.append(["Valable jusqu’au", formats.day(until, weekday=False)])
    paper = {"holder": association.name, "facts": facts}
    deposit(
        actor=Actor(member, association.memberships.get(user=member)),
        kind=DocumentKind.INSURANCE,
        title=f"Attestation d’assurance {now.year}-{until.year}",
        content=rendering.render("portal/attestation.typ", paper, at=now, trial=False),
        media_type="application/pdf",
        owner_organization=association,
        expires_on=until,
        facts={"risks": [one.value for one in covered]},
    )


def _rules(
    owner: Organization, name: str, case: LegalCase, steps: list[Step], *, economic: bool = False
) -> BookingRules:
    wanted = Wanted(
        name=name,
        completion_days=21,
        offer_hours=24,
        has_waiting_list=True,
        allows_economic_use=economic,
        agreement_model=Model.objects.get(organization=None, case=case),
        steps=steps,
        documents=[INSURANCE],
    )
    return save_rules(owner, wanted, actor=SYSTEM)


def _signs(organization: Organization, user: User, capacity: str) -> None:
    who = Person(name=user.full_name, email=user.email, capacity=capacity)
    appoint(organization, who, role=AuthorityRole.OWNER, actor=SYSTEM)
