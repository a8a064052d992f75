"""Who an organisation is, asked of the register of companies by its number or its name.

Answers are kept with their date: asked again a week later at the soonest, and shown, dated, while
the register is away.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings

from preau.core import clock
from preau.integrations import companies as register
from preau.integrations.companies import Company, Establishment
from preau.integrations.http import Rejected, Service, Unavailable
from preau.outside import calls
from preau.outside.models import CompanyCard
from preau.outside.names import in_plain_letters

KEY = "companies"
TIMEOUT_SECONDS = 2.5
#: Asked again after that long; forgotten after `KEPT`.
FRESH = timedelta(days=7)
KEPT = timedelta(days=90)
MOST_NAMESAKES = 6
#: The number of DINUM, whose service it is.
TRIAL_NUMBER = "13002526500013"
_PLACE = re.compile(r"\s+[0-9]{5}\s+\D+$")


@dataclass(frozen=True, slots=True)
class Card:
    """One organisation, at the establishment asked for, else at its seat.

    Attributes:
        siret: of this establishment, "" when the register gives none.
        legal_form: INSEE's code ("7210"); `level`: of what it governs ("commune"), or "".
        address: number and street, alone.
        is_closed: the establishment, or all of it, has ceased.
        at: when the register said so.
    """

    siren: str
    siret: str
    name: str
    rna: str
    legal_form: str
    level: str
    address: str
    postcode: str
    commune_code: str
    commune_name: str
    is_closed: bool
    is_association: bool
    at: datetime = field(default_factory=clock.now)


def is_configured() -> bool:
    return bool(settings.COMPANIES_URL)


def by_number(number: str) -> Card | None:
    """The organisation of a SIREN or SIRET (digits alone); None when nobody has it.

    Raises:
        ValueError: neither 9 nor 14 digits.
        Unavailable: away, or not configured, and never asked before.
    """
    if not re.fullmatch(r"[0-9]{9}([0-9]{5})?", number):
        raise ValueError("a SIREN has 9 digits, a SIRET 14")
    kept = CompanyCard.objects.filter(pk=number).first()
    if kept is not None and kept.at > clock.now() - FRESH:
        return _card(kept)
    try:
        return ask(number)
    except Unavailable:
        if kept is None:
            raise
        return _card(kept)


def ask(number: str) -> Card | None:
    """The same, asked of the register whatever is kept.

    Raises:
        Unavailable: away, paused, or not configured.
    """
    with calls.calling(KEY):
        found = register.by_number(_service(), number)
    card = card_of(found) if found else None
    _keep(number, card)
    return card


def kept(number: str) -> Card | None:
    """What it said last, if it was asked lately: nothing is asked."""
    row = CompanyCard.objects.filter(pk=number).first()
    return _card(row) if row else None


def by_words(words: str, *, commune_code: str = "") -> list[Card]:
    """Organisations that look like these words, open ones alone, the nearest first.

    Raises:
        Unavailable: away, paused, or not configured.
    """
    text = " ".join(words.split())
    if len(text) < register.LEAST_LETTERS:
        return []
    filters = {"etat_administratif": "A"} | ({"code_commune": commune_code} if commune_code else {})
    try:
        with calls.calling(KEY):
            found = register.by_words(_service(), text, filters=filters, per_page=MOST_NAMESAKES)
    except Rejected:
        return []
    return [card_of(one) for one in found.companies]


def trial() -> None:
    """Raises: Unavailable."""
    ask(TRIAL_NUMBER)


def forget() -> int:
    """Delete old answers: some name people who work alone."""
    return CompanyCard.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def card_of(company: Company) -> Card:
    place: Establishment | None = company.asked or company.seat
    level = company.collectivity.level if company.collectivity else ""
    return Card(
        siren=company.siren,
        siret=place.siret if place else "",
        name=in_plain_letters(company.legal_name)[:160],
        rna=company.association_number,
        legal_form=company.legal_form,
        level=level,
        address=in_plain_letters(_PLACE.sub("", place.address))[:200] if place else "",
        postcode=place.postcode if place else "",
        commune_code=place.commune_code if place else "",
        commune_name=in_plain_letters(place.commune_name) if place else "",
        is_closed=company.is_closed or bool(place and place.is_closed),
        is_association=company.is_association,
    )


def _service() -> Service:
    """Raises: Unavailable: not configured."""
    if not is_configured():
        raise Unavailable("not configured")
    return Service(settings.COMPANIES_URL, timeout=TIMEOUT_SECONDS)


def _keep(number: str, card: Card | None) -> None:
    said = {} if card is None else {k: v for k, v in asdict(card).items() if k != "at"}
    CompanyCard.objects.update_or_create(number=number, defaults={"said": said, "at": clock.now()})


def _card(row: CompanyCard) -> Card | None:
    return replace(Card(**row.said), at=row.at) if row.said else None
