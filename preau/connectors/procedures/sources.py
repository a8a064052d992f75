"""What of a project can be sent to a démarche: an explicit list, and which champs each fits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from preau.accounts.models import Organization
from preau.core.formats import day, euros
from preau.integrations.demarches import champs as theirs
from preau.integrations.demarches.champs import Champ, Value
from preau.projects.models import FundingRequest, Project
from preau.resources.enums import Phase, Theme


class Kind(StrEnum):
    TEXT = "texte"
    LONG = "texte long"
    MONEY = "montant"
    DATE = "date"
    COMMUNE = "commune"
    EPCI = "intercommunalité"
    PLACE_CODE = "département ou région"
    SIRET = "SIRET"
    ADDRESS = "adresse"
    EMAIL = "adresse électronique"
    PHONE = "téléphone"
    CHOICE = "choix"
    CHOICES = "plusieurs choix"


_TEXTS = frozenset({"Text", "Textarea", "Formatted"})
_FITS: dict[Kind, frozenset[str]] = {
    Kind.TEXT: _TEXTS | {"DropDownList"},
    Kind.LONG: _TEXTS,
    Kind.MONEY: _TEXTS | {"IntegerNumber", "DecimalNumber"},
    Kind.DATE: _TEXTS | {"Date"},
    Kind.COMMUNE: _TEXTS | {"Commune"},
    Kind.EPCI: _TEXTS | {"Epci"},
    Kind.PLACE_CODE: _TEXTS | {"Departement", "Region", "DropDownList"},
    Kind.SIRET: _TEXTS | {"Siret"},
    Kind.ADDRESS: _TEXTS | {"Address"},
    Kind.EMAIL: _TEXTS | {"Email"},
    Kind.PHONE: _TEXTS | {"Phone"},
    Kind.CHOICE: _TEXTS | {"DropDownList", "MultipleDropDownList"},
    Kind.CHOICES: _TEXTS | {"DropDownList", "MultipleDropDownList"},
}


@dataclass(frozen=True, slots=True)
class Facts:
    """A project, what is asked for it this time, its other requests."""

    project: Project
    asked_cents: int | None
    others: tuple[FundingRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can be sent.

    Attributes:
        origin: where it comes from, as the holder knows it.
        read: from the facts; None or "" where the project does not say. From one row of `rows`
            where the source is of several.
        rows: "" or the name of the collection: "communes", "fundings".
    """

    key: str
    label: str
    kind: Kind
    origin: str
    read: Callable[[Any], Any]
    rows: str = ""

    def fits(self, champ: Champ, repetition: Champ | None) -> bool:
        return champ.type in _FITS[self.kind] and bool(self.rows) == (repetition is not None)


def rows_of(name: str, facts: Facts) -> list[Any]:
    if name == "fundings":
        return list(facts.others)
    found = facts.project.communes.select_related("commune__departement").order_by("commune")
    return [one.commune for one in found]


def _organization(facts: Facts) -> Organization | None:
    return facts.project.holder_organization


def _address(facts: Facts) -> str:
    there = _organization(facts)
    if there is None or not there.address:
        return ""
    town = f"{there.postcode or there.commune.main_postcode} {there.commune.name}"
    return f"{there.address} {town.strip()}"


def _siret(facts: Facts) -> str:
    there = _organization(facts)
    return (there.siret if there else "") or facts.project.holder_siret


def _epci(facts: Facts) -> Any:
    lead = facts.project.lead_commune
    return facts.project.epci or (lead.epci if lead else None)


def _communes(facts: Facts) -> str:
    return ", ".join(one.name for one in rows_of("communes", facts))


_SHEET, _STRUCTURE, _WHERE = "Fiche du projet", "Structure porteuse", "Territoires du projet"
_CONTACT, _MONEY = "Personne à joindre", "Financements du projet"
K = Kind


def _of(name: str) -> Callable[[Facts], Any]:
    return lambda facts: getattr(facts.project, name)


_ALL = (
    Source("name", "Nom du projet", K.TEXT, _SHEET, _of("name")),
    Source("reference", "Référence du projet dans Préau", K.TEXT, _SHEET, _of("reference")),
    Source("purpose", "Pourquoi ce projet", K.LONG, _SHEET, _of("purpose")),
    Source("description", "En quoi il consiste", K.LONG, _SHEET, _of("description")),
    Source(
        "themes",
        "Thèmes",
        K.CHOICES,
        _SHEET,
        lambda facts: [Theme(one).label for one in facts.project.themes],
    ),
    Source("phase", "Phase", K.CHOICE, _SHEET, lambda facts: Phase(facts.project.phase).label),
    Source("starts_on", "Début prévu", K.DATE, _SHEET, _of("starts_on")),
    Source("ends_on", "Fin prévue", K.DATE, _SHEET, _of("ends_on")),
    Source("budget", "Budget prévisionnel", K.MONEY, _SHEET, _of("budget_cents")),
    Source("asked", "Montant demandé", K.MONEY, "Cette demande", lambda facts: facts.asked_cents),
    Source("commune", "Commune principale", K.COMMUNE, _WHERE, _of("lead_commune")),
    Source("communes", "Toutes les communes (noms)", K.LONG, _WHERE, _communes),
    Source("epci", "Intercommunalité", K.EPCI, _WHERE, _epci),
    Source(
        "departement",
        "Département",
        K.PLACE_CODE,
        _WHERE,
        lambda facts: facts.project.lead_commune and facts.project.lead_commune.departement,
    ),
    Source(
        "region",
        "Région",
        K.PLACE_CODE,
        _WHERE,
        lambda facts: facts.project.lead_commune and facts.project.lead_commune.departement.region,
    ),
    Source("crte", "CRTE", K.TEXT, _WHERE, lambda facts: str(facts.project.crte or "")),
    Source("crte_orientation", "Orientation du CRTE", K.TEXT, _SHEET, _of("crte_orientation")),
    Source("holder", "Nom de la structure", K.TEXT, _STRUCTURE, _of("holder")),
    Source("siret", "SIRET de la structure", K.SIRET, _STRUCTURE, _siret),
    Source("address", "Adresse de la structure", K.ADDRESS, _STRUCTURE, _address),
    Source("contact_name", "Personne à joindre", K.TEXT, _CONTACT, _of("contact_name")),
    Source("contact_function", "Fonction", K.TEXT, _CONTACT, _of("contact_function")),
    Source("contact_email", "Adresse électronique", K.EMAIL, _CONTACT, _of("contact_email")),
    Source("contact_phone", "Téléphone", K.PHONE, _CONTACT, _of("contact_phone")),
    Source("each_commune", "Chaque commune", K.COMMUNE, _WHERE, lambda row: row, "communes"),
    Source(
        "each_funder",
        "Autres financements : financeur",
        K.TEXT,
        _MONEY,
        lambda row: row.funder or row.label,
        "fundings",
    ),
    Source(
        "each_label",
        "Autres financements : aide",
        K.TEXT,
        _MONEY,
        lambda row: row.label,
        "fundings",
    ),
    Source(
        "each_amount",
        "Autres financements : montant accordé, sinon demandé",
        K.MONEY,
        _MONEY,
        lambda row: row.granted_cents or row.asked_cents,
        "fundings",
    ),
    Source(
        "each_state",
        "Autres financements : état",
        K.CHOICE,
        _MONEY,
        lambda row: row.get_state_display(),
        "fundings",
    ),
)
SOURCES: dict[str, Source] = {one.key: one for one in _ALL}


def plain(text: str) -> str:
    """Without accents, case nor punctuation: « Coût total (HT) » → "cout total ht"."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    kept = "".join(one for one in bare if not unicodedata.combining(one))
    return " ".join(re.findall("[a-z0-9]+", kept))


def shown(source: Source, raw: Any) -> str:
    """As people read it; "" where the project does not say."""
    if raw is None or raw in ("", []):
        return ""
    if source.kind == Kind.MONEY:
        return euros(raw)
    if isinstance(raw, date):
        return day(raw, weekday=False)
    if isinstance(raw, list):
        return ", ".join(raw)
    return str(raw.name) if hasattr(raw, "name") else str(raw)


def value(source: Source, raw: Any, champ: Champ, facts: Facts) -> Value:
    """As the client of the service takes it for that champ; None where there is nothing."""
    text = shown(source, raw)
    if not text or champ.type in _TEXTS:
        return text or None
    writer = _WRITERS.get(champ.type)
    if writer is not None:
        return writer(raw, facts)
    if champ.type in {"DropDownList", "MultipleDropDownList"}:
        return _chosen(champ, raw if isinstance(raw, list) else [text])
    return raw if isinstance(raw, date) else text


def _commune(raw: Any, facts: Facts) -> Value:
    return theirs.Commune(raw.main_postcode, raw.pk)


def _epci_code(raw: Any, facts: Facts) -> Value:
    return theirs.Epci(raw.departement_id or facts.project.departement_code, raw.pk)


_WRITERS: dict[str, Callable[[Any, Facts], Value]] = {
    "IntegerNumber": lambda raw, facts: int(Decimal(raw) / 100 + Decimal("0.5")),
    "DecimalNumber": lambda raw, facts: Decimal(raw) / 100,
    "Commune": _commune,
    "Epci": _epci_code,
    "Departement": lambda raw, facts: str(raw.pk),
    "Region": lambda raw, facts: str(raw.pk),
}


def _chosen(champ: Champ, words: Sequence[str]) -> Value:
    """Their spelling of our words; ours where they have none, and the client refuses it."""
    known = {plain(one): one for one in champ.options}
    found = [known[plain(one)] for one in words if plain(one) in known]
    if champ.type == "MultipleDropDownList":
        return found or list(words)
    return (found or list(words))[0]
