"""Who signs an agreement, in which order, and what is written in their zone."""

from __future__ import annotations

from collections.abc import Sequence

from preau.agreements.actions.rounds import SignatoryWanted, field_of
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


def zones_of(wanted: Sequence[SignatoryWanted]) -> list[dict[str, str]]:
    """One zone each, under the label of their field."""
    return [
        {
            "label": field_of(rank),
            "name": one.name,
            "quality": ", pour ".join(word for word in (one.capacity, one.party) if word),
        }
        for rank, one in enumerate(wanted, start=1)
    ]
