"""What a call still lacks before everybody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from preau.core import clock
from preau.initiatives.models import CallForInitiatives

JURY_BEFORE_CLOSING = (
    "Le jury lit les réponses une fois l’appel fermé : mettez une date qui suit la fermeture."
)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to mend: in words, the address' name where it is mended, the code of refusal."""

    sentence: str
    page: str
    code: str = "missing"


def is_jury_early(call: CallForInitiatives) -> bool:
    """Whether the last day of the jury is over when the call closes."""
    if call.review_until is None or call.closes_at is None:
        return False
    after = datetime.combine(call.review_until + timedelta(days=1), time(0), call.zone)
    return after <= call.closes_at


def lacks_of(call: CallForInitiatives) -> list[Lack]:
    """All of it at once, in the order of the call's pages."""
    found = []
    if not call.brief:
        found.append(Lack("Dites ce que vous cherchez, et pour qui.", "initiatives:call_edit"))
    if call.opens_at is None or call.closes_at is None:
        found.append(Lack("Dites de quand à quand répondre.", "initiatives:call_edit"))
    elif call.closes_at <= clock.now():
        sentence = "La date de fermeture est passée : choisissez-en une autre."
        found.append(Lack(sentence, "initiatives:call_edit", code="dates"))
    if is_jury_early(call):
        found.append(Lack(JURY_BEFORE_CLOSING, "initiatives:call_edit", code="dates"))
    if not call.criteria.exists():
        sentence = "Ajoutez au moins un critère : chacun doit savoir sur quoi il sera jugé."
        found.append(Lack(sentence, "initiatives:call_criteria"))
    return found
