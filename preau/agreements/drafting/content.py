"""What the template receives: parties, articles, annexes, zones. Frozen on the agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from preau.accounts.enums import OrganizationKind
from preau.agreements.drafting import variables
from preau.agreements.drafting.facts import AgreementFacts, Party
from preau.agreements.drafting.tables import table
from preau.agreements.enums import ClauseKind, Condition
from preau.agreements.models import Clause, ModelVersion
from preau.core import formats
from preau.places.enums import UserCategory

TEMPLATE = "agreements/agreement.typ"
NOTICE = "Modèle à faire valider par vos services."


def holds(condition: str, facts: AgreementFacts) -> bool:
    """Whether a clause under that condition is written."""
    return _CONDITIONS[Condition(condition)](facts)


_CONDITIONS: dict[Condition, Callable[[AgreementFacts], bool]] = {
    Condition.ALWAYS: lambda facts: True,
    Condition.ASSOCIATION: lambda facts: facts.category == UserCategory.ASSOCIATION,
    Condition.LEGAL_PERSON: lambda facts: not facts.occupant.is_person,
    Condition.FEE: lambda facts: facts.total_cents > 0,
    Condition.FREE: lambda facts: facts.total_cents == 0,
    Condition.DEPOSIT: lambda facts: facts.deposit_cents > 0,
    Condition.SCHOOL: lambda facts: facts.school is not None,
    Condition.PUBLIC_EVENT: lambda facts: facts.attendance.is_public_event,
    Condition.SERIES: lambda facts: len(facts.periods) > 1,
    Condition.EQUIPMENT: lambda facts: bool(facts.equipment),
    Condition.HOUSE_RULES: lambda facts: bool(facts.venue.house_rules),
    Condition.ECONOMIC: lambda facts: facts.is_economic,
}


def written(
    clauses: Iterable[Clause], facts: AgreementFacts, values: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The clauses that apply, with their variables filled in, in order."""
    return [
        {
            "key": one.key,
            "kind": str(one.kind),
            "title": one.title,
            "text": variables.fill(one.text, values),
            "basis": one.legal_basis,
            "table": table(one.table, facts),
        }
        for one in clauses
        if not one.is_removed and holds(one.condition, facts)
    ]


def compose(
    version: ModelVersion,
    facts: AgreementFacts,
    *,
    number: str,
    zones: Sequence[Mapping[str, str]],
) -> tuple[dict[str, str], dict[str, Any]]:
    """The variables and the whole content of an agreement."""
    values = variables.resolve(facts)
    clauses = written(version.clauses.order_by("position"), facts, values)
    return values, {
        "number": number,
        "title": version.title,
        "subtitle": f"{facts.venue.name} – {facts.purpose}",
        "sender": _sender(facts.owner),
        "legal_basis": version.legal_basis,
        "model": f"{version.model.name}, version {version.number}",
        "parties": parties(facts),
        "articles": [one for one in clauses if one["kind"] == ClauseKind.ARTICLE],
        "annexes": [one for one in clauses if one["kind"] == ClauseKind.ANNEX],
        "zones": [dict(zone) for zone in zones],
        "days_to_sign": facts.days_to_sign,
        "total_cents": facts.total_cents,
        "amendment": None,
    }


def _sender(owner: Party) -> list[str]:
    return [line for line in (owner.name, owner.address) if line]


def parties(facts: AgreementFacts) -> list[dict[str, Any]]:
    """The owner, the school when it is one's premises, the occupant."""
    owner, occupant = facts.roles
    found = [_party(facts.owner, owner)]
    if facts.school is not None:
        head = facts.school.head
        found.append(
            {
                "name": facts.school.name,
                "lines": [],
                "represented_by": f"{head.name}, {head.capacity}" if head else "",
                "role": "l’établissement",
            }
        )
    found.append(_party(facts.occupant, occupant))
    return found


def _party(party: Party, role: str) -> dict[str, Any]:
    who = party.representative
    lines = [
        party.form,
        party.address,
        party.identifier,
        ", ".join(one for one in (party.email, formats.telephone(party.phone)) if one),
    ]
    named = ", ".join(one for one in (who.name, who.capacity) if one) if who else ""
    return {
        "name": party.name,
        "lines": [line for line in lines if line],
        "represented_by": "" if party.is_person else named,
        "role": role,
    }


def form_of(kind: str) -> str:
    """« association », « commune »: an organisation's kind, inside a sentence."""
    words = OrganizationKind(kind).label
    return words if words.startswith("Service") else words[0].lower() + words[1:]
