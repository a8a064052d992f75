"""An organisation's form filled from the register of companies: on a click, and only what is empty.

What was typed stays; where the register says something else, both are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest

from preau.accounts import identifiers
from preau.accounts.enums import OrganizationKind
from preau.accounts.models import Organization
from preau.core.forms import Form
from preau.integrations.http import Unavailable
from preau.outside import companies, provenance
from preau.outside.companies import Card
from preau.outside.models import FieldSource
from preau.territories import queries as territories
from preau.territories.models import Commune

F = TypeVar("F", bound=Form)
#: Fields of which the register says where they stand; the number is what it is asked by.
KNOWN = ("name", "rna", "commune", "address", "postcode")
#: Value of the button that takes everything as the register says.
REPLACE = "tout"
AWAY = "L’annuaire des entreprises ne répond pas en ce moment : remplissez à la main, ou réessayez."
LABELS = {
    "kind": "Nature",
    "name": "Nom",
    "siret": "Numéro SIRET ou SIREN",
    "rna": "Numéro RNA",
    "commune": "Commune du siège",
    "address": "Adresse",
    "postcode": "Code postal",
}
_LEVELS = {
    "commune": OrganizationKind.COMMUNE,
    "epci": OrganizationKind.EPCI,
    "departement": OrganizationKind.DEPARTEMENT,
    "region": OrganizationKind.REGION,
}
#: By the beginning of INSEE's "catégories juridiques", the longest first.
_FORMS = (
    ("7210", OrganizationKind.COMMUNE),
    ("7220", OrganizationKind.DEPARTEMENT),
    ("7230", OrganizationKind.REGION),
    ("7331", OrganizationKind.SCHOOL),
    ("734", OrganizationKind.EPCI),
    ("71", OrganizationKind.STATE_SERVICE),
    ("7", OrganizationKind.PUBLIC_BODY),
    ("4", OrganizationKind.PUBLIC_BODY),
    ("92", OrganizationKind.ASSOCIATION),
    ("93", OrganizationKind.ASSOCIATION),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was typed, and what the register says, both in words."""

    label: str
    typed: str
    said: str


@dataclass(slots=True)
class Filling:
    """What came of a click on « Remplir ».

    Attributes:
        data: the form's texts, with what was empty filled.
        card: who was found, None when nobody was.
        namesakes: whom the name may mean, to choose from.
        sentence: why nothing was filled, "" when something was.
    """

    data: dict[str, str]
    card: Card | None = None
    differences: list[Difference] = field(default_factory=list)
    namesakes: list[Card] = field(default_factory=list)
    sentence: str = ""

    @property
    def number(self) -> str:
        return (self.card.siret or self.card.siren) if self.card else ""


def is_asked(request: HttpRequest) -> bool:
    """Whether « Remplir » was pressed, rather than the button that keeps the form."""
    return request.method == "POST" and "fill" in request.POST and companies.is_configured()


def filled(request: HttpRequest, form: F) -> tuple[F, Filling]:
    """The form to show: filled, and blaming for nothing."""
    found = fill(form, request.POST.dict(), request.POST["fill"][:20])
    return type(form)(initial=found.data), found


def fill(form: Form, typed: Mapping[str, str], asked: str) -> Filling:
    """Ask the register, by the number that was chosen or typed, else by the name.

    Args:
        asked: the button's value: a SIRET chosen from a list, `REPLACE`, or anything else.
    """
    data = {name: typed.get(name, "").strip() for name in form.fields}
    number = identifiers.digits(data.get("siret", ""))
    if identifiers.is_siret(asked) or identifiers.is_siren(asked):
        number = data["siret"] = asked
    try:
        if number:
            return _by_number(data, number, replaces=asked == REPLACE)
        return _by_words(data)
    except Unavailable:
        return Filling(data, sentence=AWAY)


def _by_number(data: dict[str, str], number: str, *, replaces: bool) -> Filling:
    if not (identifiers.is_siret(number) or identifiers.is_siren(number)):
        return Filling(
            data,
            sentence="Ce numéro contient une erreur : vérifiez ses 14 chiffres (SIRET) ou 9"
            " (SIREN).",
        )
    card = companies.by_number(number)
    if card is None:
        return Filling(
            data,
            sentence="L’annuaire des entreprises ne connaît pas ce numéro, ou sa fiche n’est pas"
            " publique : remplissez à la main.",
        )
    found = Filling(data, card)
    said = in_form(card)
    if len(number) == 9:
        said["siret"] = number  # a SIREN was enough: the seat is not everybody's establishment
    for name, text in said.items():
        if name not in data or not text:
            continue
        if not data[name] or replaces:
            data[name] = text
        elif not _same(name, data[name], text):
            found.differences.append(_difference(name, data[name], text))
    return found


def _by_words(data: dict[str, str]) -> Filling:
    commune = territories.resolve(data["commune"]) if data.get("commune") else None
    if len(data.get("name", "")) < 3:
        return Filling(
            data,
            sentence="Écrivez d’abord un numéro SIRET ou SIREN, ou un nom, puis cliquez sur"
            " « Remplir ».",
        )
    found = companies.by_words(data["name"], commune_code=commune.code if commune else "")
    near = f" à {commune.name}" if commune else ""
    return Filling(
        data,
        namesakes=found,
        sentence=""
        if found
        else f"L’annuaire des entreprises ne trouve personne de ce nom{near} : remplissez à la"
        " main.",
    )


def in_form(card: Card) -> dict[str, str]:
    """What the register says, in the texts of the form; a commune we do not have is left out."""
    commune = _commune(card.commune_code)
    return {
        "kind": kind_of(card),
        "name": card.name,
        "siret": card.siret or card.siren,
        "rna": card.rna if identifiers.is_rna(card.rna) else "",
        "commune": str(commune) if commune else "",
        "address": card.address,
        "postcode": card.postcode,
    }


def kind_of(card: Card) -> str:
    """The kind that its legal form means."""
    if card.level in _LEVELS:
        return _LEVELS[card.level].value
    if card.is_association:
        return OrganizationKind.ASSOCIATION.value
    for beginning, kind in _FORMS:
        if card.legal_form.startswith(beginning):
            return kind.value
    return OrganizationKind.COMPANY.value if card.legal_form else ""


def _commune(code: str) -> Commune | None:
    return Commune.objects.filter(code=code, active=True).first() if code else None


def _same(name: str, typed: str, said: str) -> bool:
    if name in {"siret", "rna", "postcode"}:
        return identifiers.digits(typed).upper() == said
    if name == "commune":
        one, other = territories.resolve(typed), territories.resolve(said)
        return one is not None and one == other
    return typed.casefold() == said.casefold()


def _difference(name: str, typed: str, said: str) -> Difference:
    if name == "kind":
        names: dict[str, Any] = dict(OrganizationKind.choices)
        typed, said = str(names.get(typed, typed)), str(names.get(said, said))
    return Difference(LABELS[name], typed, said)


# --- Where fields come from ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """One field that came from the register, as the page of the organisation says it.

    Attributes:
        is_theirs: it holds what the register said; else somebody corrected it here.
        said, offered: in words; `offered` waits for a person, "" when nothing does.
    """

    row: FieldSource
    label: str
    here: str
    is_theirs: bool
    said: str
    offered: str


def said_of(card: Card) -> dict[str, str]:
    """What the register says of each field, to be compared; a commune by its code."""
    said = in_form(card) | {"commune": card.commune_code}
    return {name: said[name] for name in KNOWN if said[name]}


def held_by(organization: Organization) -> dict[str, str]:
    """The same, as the organisation holds it."""
    return {
        "name": organization.name,
        "rna": organization.rna,
        "commune": organization.commune.code,
        "address": organization.address,
        "postcode": organization.postcode,
    }


def origins(organization: Organization) -> list[Origin]:
    """In the order of the form: one statement, and one more where communes are named."""
    found, held = provenance.of_subject(organization), held_by(organization)
    rows = [found[name] for name in KNOWN if name in found]
    codes = {text for row in rows if row.field == "commune" for text in (row.said, row.offered)}
    names = {
        one.code: str(one) for one in (Commune.objects.filter(code__in=codes) if codes else ())
    }
    return [
        Origin(
            row=row,
            label=LABELS[row.field],
            here=str(organization.commune) if row.field == "commune" else held[row.field],
            is_theirs=row.said == held[row.field],
            said=names.get(row.said, row.said),
            offered=names.get(row.offered, row.offered),
        )
        for row in rows
    ]
