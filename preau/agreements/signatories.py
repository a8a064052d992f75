"""Who signs an agreement, and in which order."""

from __future__ import annotations

from preau.agreements.actions.rounds import SignatoryWanted
from preau.agreements.drafting.facts import AgreementFacts, Person
from preau.agreements.signing_enums import SignatoryRole


def signatories_of(facts: AgreementFacts) -> list[SignatoryWanted]:
    """The occupant first, then the head of school, then the owner, who commits last."""
    found = [_wanted(SignatoryRole.OCCUPANT, facts.occupant.representative, _party(facts))]
    if facts.school is not None:
        found.append(_wanted(SignatoryRole.HEAD_OF_SCHOOL, facts.school.head, facts.school.name))
    found.append(_wanted(SignatoryRole.OWNER, facts.owner.representative, facts.owner.name))
    return [one for one in found if one is not None]


def _party(facts: AgreementFacts) -> str:
    return "" if facts.occupant.is_person else facts.occupant.name


def _wanted(role: SignatoryRole, who: Person | None, party: str) -> SignatoryWanted | None:
    if who is None:
        return None
    return SignatoryWanted(
        role=role,
        name=who.name,
        email=who.email,
        capacity=who.capacity,
        party=party,
        user_id=who.user_id,
    )
