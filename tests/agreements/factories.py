"""Agreements drawn up by the real actions, and everything they need."""

from dataclasses import replace
from datetime import timedelta

from preau.accounts.actors import SYSTEM
from preau.agreements import queries
from preau.agreements.actions import authorities, draw_up
from preau.agreements.drafting.facts import Attendance, Insurance, Person, PriceLine
from preau.agreements.drafting.gathering import Wanted, gather
from preau.agreements.enums import AuthorityRole, LegalCase
from preau.agreements.models import Model
from preau.agreements.signatories import signatories_of
from preau.availability.actions.occupancies import Use, occupy
from preau.availability.enums import OccupancyKind
from preau.core import clock
from preau.core.timeranges import Period, local_instant
from preau.documents.enums import DocumentKind
from preau.places.models import Space
from tests.documents.factories import document
from tests.places.factories import SpaceFactory

PRESIDENT = Person(name="Ayoub Lefèvre", email="president@example.org", capacity="président")


def national(case=LegalCase.COMMUNE_ASSOCIATION):
    return Model.objects.get(organization=None, case=case)


def national_version(case=LegalCase.COMMUNE_ASSOCIATION):
    return queries.published(national(case))


def mayor_of(organization, **given):
    who = Person(name="Hélène Morel", email="maire@example.org", capacity="maire", **given)
    return authorities.appoint(organization, who, role=AuthorityRole.OWNER, actor=SYSTEM)


def head_of(place):
    who = Person(name="Claire Fontaine", email="chef@example.org", capacity="principale")
    return authorities.appoint(
        place.owner, who, role=AuthorityRole.HEAD_OF_SCHOOL, place=place, actor=SYSTEM
    )


def opinion_of(place, **given):
    known = {"board": "Le conseil d’administration", "is_favorable": True}
    known |= {"given_on": clock.today(place.zone) - timedelta(days=30)}
    return authorities.record_opinion(place, actor=SYSTEM, **(known | given))


def occupancies(space, dates=3, first=10):
    """Evenings a week apart."""
    zone, made = space.place.zone, []
    for week in range(dates):
        day = clock.today(zone) + timedelta(days=first + 7 * week)
        period = Period(local_instant(day, 18 * 60, zone), local_instant(day, 20 * 60, zone))
        made.append(occupy(space, period, Use(OccupancyKind.BOOKING, "Danse"), actor=SYSTEM))
    return made


def wanted(space, **given):
    """A paying evening class, insured for a year."""
    known = {
        "purpose": "Cours de danse",
        "attendance": Attendance(people=20, safety_person="Nadia Benali"),
        "prices": (PriceLine(label="Soirée", amount_cents=3000, detail="3 × 10,00 €"),),
        "total_cents": 3000,
        "insurance": (Insurance(valid_until=clock.today(space.place.zone) + timedelta(days=365)),),
    }
    return Wanted(**(known | given))


def facts_of(space, holder, taken, case=LegalCase.COMMUNE_ASSOCIATION, **given):
    return gather(
        case,
        space.place,
        taken,
        wanted(space, **given),
        holder_user=None,
        holder_organization=holder,
        representative=PRESIDENT,
    )


def ready(place, holder, case=LegalCase.COMMUNE_ASSOCIATION):
    """Everything that the gates of the case ask."""
    if queries.authority_for(place, AuthorityRole.OWNER) is None:
        mayor_of(place.owner)
    if (
        case not in {LegalCase.PRIVATE}
        and not holder.documents.filter(kind=DocumentKind.CER).exists()
    ):
        document(owner_organization=holder, kind=DocumentKind.CER)
    if case in {LegalCase.COLLEGE, LegalCase.LYCEE, LegalCase.PRIMARY_SCHOOL}:
        head_of(place)
        opinion_of(place)


def agreement_of(
    place, holder, *, case=LegalCase.COMMUNE_ASSOCIATION, amends=None, space=None, dates=3, **given
):
    """Drawn up; its rendering waits for the worker."""
    reason = given.pop("reason", "")
    version = given.pop("version", None) or national_version(case)
    change = given.pop("change", {})
    if space is None:
        space = Space.objects.filter(place=place).first() or SpaceFactory(place=place)
    if amends is None:
        ready(place, holder, case)
    taken = given.pop("taken", None) or occupancies(space, dates)
    facts = replace(facts_of(space, holder, taken, case, **given), **change)
    return draw_up(
        actor=SYSTEM,
        version=version,
        place=place,
        holder_user=None,
        holder_organization=holder,
        occupancies=taken,
        facts=facts,
        signatories=signatories_of(facts),
        days_to_sign=14,
        amends=amends,
        reason=reason,
    )
