"""What must be true before an agreement is drawn up, said to whoever must act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from preau.agreements.drafting.facts import AgreementFacts, Insurance, Person
from preau.agreements.enums import Gate
from preau.agreements.models import ModelVersion
from preau.core import formats
from preau.places.enums import UserCategory

OWNER = "proprietaire"
OCCUPANT = "occupant"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing.

    Attributes:
        code: stable, for tests and checklists.
        who_acts: "proprietaire" or "occupant".
        blocks: nothing will ever make up for it: this route is closed.
    """

    code: str
    sentence: str
    who_acts: str
    blocks: bool = False


def missing(version: ModelVersion, facts: AgreementFacts) -> list[Missing]:
    """Everything that keeps the agreement from being drawn up, the owner's matters first."""
    found = [one for gate in version.gates for one in _CHECKS[Gate(gate)](facts)]
    return sorted(found, key=lambda one: (not one.blocks, one.who_acts == OCCUPANT))


def _until(person: Person, facts: AgreementFacts) -> bool:
    """Whether their mandate or delegation has ended before the last day they can sign."""
    return person.valid_until is not None and person.valid_until < facts.signing_by


def _owner(facts: AgreementFacts) -> Iterator[Missing]:
    who = facts.owner.representative
    if who is None or not who.capacity:
        yield Missing(
            "owner_signatory",
            f"{facts.owner.name} doit désigner qui signe ses conventions, et en quelle qualité "
            "(maire, adjoint par délégation du…).",
            OWNER,
        )
    elif _until(who, facts):
        yield Missing(
            "owner_delegation",
            f"La délégation de {who.name} s’arrête le {formats.day(who.valid_until)} : "  # type: ignore[arg-type]
            "indiquez la nouvelle, ou un autre signataire.",
            OWNER,
        )


def _head(facts: AgreementFacts) -> Iterator[Missing]:
    school = facts.school
    if school is None or school.head is None:
        yield Missing(
            "head_of_school",
            f"Il faut désigner qui signe pour {school.name if school else 'l’établissement'} : "
            "cette convention se signe à trois.",
            OWNER,
        )
    elif _until(school.head, facts):
        yield Missing(
            "head_of_school",
            f"Le mandat de {school.head.name} s’arrête avant la signature : désignez qui signe "
            f"pour {school.name}.",
            OWNER,
        )


def _occupant(facts: AgreementFacts) -> Iterator[Missing]:
    if facts.occupant.is_person:
        return
    who = facts.occupant.representative
    if who is None or not who.capacity:
        yield Missing(
            "occupant_signatory",
            f"{facts.occupant.name} doit dire qui signe en son nom, et en quelle qualité "
            "(présidente, trésorier par pouvoir du…).",
            OCCUPANT,
        )


def _opinion(facts: AgreementFacts) -> Iterator[Missing]:
    school = facts.school
    if school is None or school.opinion_on is None:
        yield Missing(
            "board_opinion",
            "L’avis du conseil d’école ou d’administration n’est pas enregistré : la loi le "
            "demande avant toute convention. Notez sa date.",
            OWNER,
        )
    elif not school.opinion_favorable:
        yield Missing(
            "board_opinion_against",
            f"L’avis rendu le {formats.day(school.opinion_on)} n’est pas favorable. Passer outre "
            "se décide par écrit, hors de ce parcours.",
            OWNER,
            blocks=True,
        )
    elif school.opinion_until is not None and school.opinion_until < facts.last_day:
        yield Missing(
            "board_opinion",
            f"L’avis du conseil porte sur les occupations jusqu’au "
            f"{formats.day(school.opinion_until)} ; la dernière date est plus tard. Enregistrez "
            "un nouvel avis.",
            OWNER,
        )


def _economic(facts: AgreementFacts) -> Iterator[Missing]:
    if facts.is_economic and not facts.competition:
        yield Missing(
            "economic_use",
            "Cette occupation permet une exploitation économique : elle ne peut pas être accordée "
            "directement. L’autorité organise une sélection préalable, impartiale et "
            "transparente, avec publicité (CG3P, L. 2122-1-1), ou note l’exception qui s’applique "
            "(courte durée ; L. 2122-1-2 et L. 2122-1-3).",
            OWNER,
            blocks=True,
        )


def _insured(day: date, certificates: tuple[Insurance, ...]) -> bool:
    return any(
        (one.valid_from is None or one.valid_from <= day) and day <= one.valid_until
        for one in certificates
    )


def _insurance(facts: AgreementFacts) -> Iterator[Missing]:
    bare = [first for first, last in facts.days if not _covers(first, last, facts.insurance)]
    if not facts.insurance:
        yield Missing(
            "insurance",
            "Il manque l’attestation d’assurance (responsabilité civile et risques locatifs).",
            OCCUPANT,
        )
    elif bare:
        yield Missing(
            "insurance_dates",
            f"L’assurance ne couvre pas {formats.count(len(bare), 'date')}, à partir du "
            f"{formats.day(bare[0])} : déposez l’attestation qui suit.",
            OCCUPANT,
        )


def _covers(first: date, last: date, certificates: tuple[Insurance, ...]) -> bool:
    return _insured(first, certificates) and _insured(last, certificates)


def _republican(facts: AgreementFacts) -> Iterator[Missing]:
    if facts.category == UserCategory.ASSOCIATION and not facts.engages_republican_values:
        yield Missing(
            "republican_commitment",
            f"{facts.occupant.name} doit souscrire le contrat d’engagement républicain (décret "
            "n° 2021-1947) : une salle prêtée est une aide publique.",
            OCCUPANT,
        )


_CHECKS: dict[Gate, Callable[[AgreementFacts], Iterator[Missing]]] = {
    Gate.OWNER_CAPACITY: _owner,
    Gate.HEAD_OF_SCHOOL: _head,
    Gate.OCCUPANT_CAPACITY: _occupant,
    Gate.BOARD_OPINION: _opinion,
    Gate.NO_ECONOMIC_USE: _economic,
    Gate.INSURANCE: _insurance,
    Gate.CER: _republican,
}
