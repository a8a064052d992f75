"""What the charter of one place says: its parties, its text, no occupation."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from preau.accounts.models import Organization
from preau.agreements.drafting.facts import AgreementFacts, Attendance
from preau.agreements.drafting.gathering import party_of, person_of, venue_of
from preau.agreements.enums import AuthorityRole
from preau.agreements.models import SigningAuthority
from preau.agreements.queries import authority_for
from preau.charters.models import Charter
from preau.core import clock
from preau.places.categories import category_of
from preau.places.models import Place

DAYS_TO_SIGN = 30


def keeper_signatory(keeper: Organization) -> SigningAuthority | None:
    """Who signs for the keeper: the one it named for all that it signs."""
    return SigningAuthority.objects.filter(
        organization=keeper, place=None, role=AuthorityRole.OWNER, ended_at=None
    ).first()


def facts_of(charter: Charter, place: Place) -> AgreementFacts:
    """The place stands where the owner does, the keeper where the occupant does."""
    today = clock.today(place.zone)
    start = datetime.combine(today, time(), place.zone)
    year = start + timedelta(days=30 * charter.confirm_months)
    owner = party_of(place.owner, person_of(authority_for(place, AuthorityRole.OWNER)))
    keeper = party_of(charter.keeper, person_of(keeper_signatory(charter.keeper)))
    return AgreementFacts(
        owner=owner,
        occupant=keeper,
        category=category_of(charter.keeper),
        venue=venue_of(place),
        premises=(),
        purpose=charter.name,
        attendance=Attendance(people=1),
        signing_by=today + timedelta(days=DAYS_TO_SIGN),
        periods=((start, year),),
        days_to_sign=DAYS_TO_SIGN,
        roles=("le lieu", "qui tient la charte"),
    )
