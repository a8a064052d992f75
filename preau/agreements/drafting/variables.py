"""The closed list of variables that a clause may name: `{occupant.nom}`.

Each has its words for whoever edits a clause, an example for the preview, and what is written when
the fact is not known. A name that is not in the list is refused when the clause is saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from preau.agreements.drafting.facts import AgreementFacts, Party, Person, School
from preau.core import formats
from preau.core.errors import Refusal

NAMED = re.compile(r"\{([^{}\n]*)\}")
NOT_GIVEN = "non précisé"


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of the list.

    Attributes:
        read: what the facts say; "" when they do not say.
        otherwise: what is written then.
    """

    name: str
    meaning: str
    read: Callable[[AgreementFacts], str]
    otherwise: str = NOT_GIVEN


def _of_owner(read: Callable[[Party], str]) -> Callable[[AgreementFacts], str]:
    return lambda facts: read(facts.owner)


def _of_occupant(read: Callable[[Party], str]) -> Callable[[AgreementFacts], str]:
    return lambda facts: read(facts.occupant)


def _of_school(read: Callable[[School], str]) -> Callable[[AgreementFacts], str]:
    return lambda facts: read(facts.school) if facts.school else ""


def _name(person: Person | None) -> str:
    return person.name if person else ""


def _capacity(person: Person | None) -> str:
    return person.capacity if person else ""


def _day(value: date | None) -> str:
    return formats.day(value, weekday=False) if value else ""


def _occupant_signs(facts: AgreementFacts) -> str:
    return _name(facts.occupant.representative) or facts.occupant.name


def _occupant_capacity(facts: AgreementFacts) -> str:
    if facts.occupant.is_person:
        return "en son nom personnel"
    return _capacity(facts.occupant.representative)


def _dates_in_short(facts: AgreementFacts) -> str:
    if len(facts.periods) == 1:
        return formats.slot(*facts.periods[0], facts.venue.zone)
    count = formats.count(len(facts.periods), "date")
    return f"{count}, {formats.days(facts.first_day, facts.last_day)}"


def _insurance_end(facts: AgreementFacts) -> str:
    return _day(max((one.valid_until for one in facts.insurance), default=None))


def _insurers(facts: AgreementFacts) -> str:
    return " puis ".join(one.insurer for one in facts.insurance if one.insurer)


def _policies(facts: AgreementFacts) -> str:
    return " puis ".join(one.policy for one in facts.insurance if one.policy)


def _surface(facts: AgreementFacts) -> str:
    total = sum(one.surface or 0 for one in facts.premises)
    return f"{formats.number(total)}{formats.NBSP}m²" if total else ""


VARIABLES: tuple[Variable, ...] = (
    Variable("proprietaire.nom", "Nom du propriétaire des locaux", _of_owner(lambda p: p.name)),
    Variable("proprietaire.forme", "Nature du propriétaire", _of_owner(lambda p: p.form)),
    Variable("proprietaire.adresse", "Adresse du propriétaire", _of_owner(lambda p: p.address)),
    Variable(
        "proprietaire.numero",
        "SIRET du propriétaire",
        _of_owner(lambda p: p.identifier),
        "sans numéro déclaré",
    ),
    Variable(
        "proprietaire.signataire",
        "Qui signe pour le propriétaire",
        _of_owner(lambda p: _name(p.representative)),
    ),
    Variable(
        "proprietaire.qualite",
        "En quelle qualité, avec sa délégation",
        _of_owner(lambda p: _capacity(p.representative)),
    ),
    Variable("occupant.nom", "Nom de l’occupant", _of_occupant(lambda p: p.name)),
    Variable("occupant.forme", "Nature de l’occupant", _of_occupant(lambda p: p.form)),
    Variable("occupant.adresse", "Adresse de l’occupant", _of_occupant(lambda p: p.address)),
    Variable(
        "occupant.numero",
        "SIRET ou RNA de l’occupant",
        _of_occupant(lambda p: p.identifier),
        "sans numéro déclaré",
    ),
    Variable("occupant.courriel", "Adresse électronique", _of_occupant(lambda p: p.email)),
    Variable(
        "occupant.telephone",
        "Téléphone de l’occupant",
        _of_occupant(lambda p: formats.telephone(p.phone)),
    ),
    Variable("occupant.representant", "Qui signe pour l’occupant", _occupant_signs),
    Variable("occupant.qualite", "En quelle qualité", _occupant_capacity),
    Variable("etablissement.nom", "Nom de l’école ou établissement", _of_school(lambda s: s.name)),
    Variable(
        "etablissement.chef",
        "Directeur, directrice ou chef d’établissement",
        _of_school(lambda s: _name(s.head)),
    ),
    Variable("etablissement.qualite", "En quelle qualité", _of_school(lambda s: _capacity(s.head))),
    Variable(
        "etablissement.conseil", "Conseil qui a donné son avis", _of_school(lambda s: s.board)
    ),
    Variable(
        "etablissement.avis_date",
        "Date de l’avis du conseil",
        _of_school(lambda s: _day(s.opinion_on)),
    ),
    Variable("lieu.nom", "Nom du lieu", lambda facts: facts.venue.name),
    Variable("lieu.adresse", "Adresse du lieu", lambda facts: facts.venue.address),
    Variable("lieu.commune", "Commune du lieu", lambda facts: facts.venue.commune),
    Variable(
        "lieu.erp",
        "Type et catégorie de l’établissement recevant du public",
        lambda facts: facts.venue.erp,
        "non déclaré",
    ),
    Variable(
        "lieu.effectif",
        "Effectif maximal du lieu",
        lambda facts: str(facts.venue.max_attendance or ""),
        "celui de la capacité des locaux",
    ),
    Variable(
        "lieu.consignes",
        "Consignes de sécurité du lieu",
        lambda facts: facts.venue.safety,
        "celles qui sont affichées sur place.",
    ),
    Variable(
        "lieu.acces",
        "Comment venir et entrer",
        lambda facts: facts.venue.access,
        "Le propriétaire les communique avant la première date.",
    ),
    Variable(
        "lieu.contact",
        "Qui appeler au sujet du lieu",
        lambda facts: facts.venue.contact,
        "l’équipe qui gère les locaux",
    ),
    Variable(
        "espaces.noms",
        "Salles ou espaces occupés",
        lambda facts: ", ".join(one.name for one in facts.premises),
    ),
    Variable(
        "espaces.capacite",
        "Nombre de personnes que les espaces accueillent",
        lambda facts: str(sum(one.capacity for one in facts.premises)),
    ),
    Variable("espaces.surface", "Surface totale des espaces", _surface),
    Variable("usage.objet", "Ce pour quoi les locaux sont occupés", lambda facts: facts.purpose),
    Variable(
        "usage.effectif",
        "Nombre de personnes attendues",
        lambda facts: str(facts.attendance.people),
    ),
    Variable(
        "usage.responsable",
        "Responsable de la sécurité sur place",
        lambda facts: facts.attendance.safety_person or _occupant_signs(facts),
    ),
    Variable(
        "usage.telephone",
        "Téléphone du responsable de la sécurité",
        lambda facts: formats.telephone(facts.attendance.safety_phone or facts.occupant.phone),
    ),
    Variable("dates.resume", "Dates, en une phrase", _dates_in_short),
    Variable("dates.nombre", "Nombre de dates", lambda facts: str(len(facts.periods))),
    Variable("dates.premiere", "Première date", lambda facts: formats.day(facts.first_day)),
    Variable("dates.derniere", "Dernière date", lambda facts: formats.day(facts.last_day)),
    Variable("prix.total", "Prix total", lambda facts: formats.euros(facts.total_cents)),
    Variable(
        "prix.paiement",
        "Quand et à qui payer",
        lambda facts: facts.payment,
        "Le prix est payable à réception de l’avis des sommes à payer, au comptable désigné par "
        "le propriétaire.",
    ),
    Variable(
        "caution.montant",
        "Montant de la caution",
        lambda facts: formats.euros(facts.deposit_cents) if facts.deposit_cents else "",
        "sans caution",
    ),
    Variable(
        "annulation.regles",
        "Ce que coûte une annulation",
        lambda facts: "\n".join(f"- {line}" for line in facts.cancellation),
        "Une annulation reçue avant la date ne donne lieu à aucun frais.",
    ),
    Variable("assurance.assureur", "Assureur de l’occupant", _insurers),
    Variable("assurance.police", "Numéro du contrat d’assurance", _policies),
    Variable("assurance.jusqu_au", "Fin de validité de l’attestation", _insurance_end),
    Variable(
        "regles.texte",
        "Règles de la maison",
        lambda facts: facts.venue.house_rules,
        "Celles qui sont affichées sur place.",
    ),
    Variable(
        "concurrence.reference",
        "Procédure de mise en concurrence, ou exception",
        lambda facts: facts.competition,
        "sans objet",
    ),
    Variable(
        "signature.delai",
        "Nombre de jours pour signer",
        lambda facts: str(facts.days_to_sign),
    ),
)
BY_NAME: dict[str, Variable] = {one.name: one for one in VARIABLES}


def names_in(text: str) -> list[str]:
    return [name.strip() for name in NAMED.findall(text)]


def check(text: str, *, field: str = "text") -> None:
    """Refuse a text that names an unknown variable, or leaves a brace open.

    Raises:
        Refusal: with the name as it was typed, and the nearest one of the list.
    """
    for name in names_in(text):
        if name in BY_NAME:
            continue
        near = get_close_matches(name, BY_NAME, n=1, cutoff=0.5)
        hint = f" Vouliez-vous dire {{{near[0]}}} ?" if near else " La liste est sous le texte."
        raise Refusal(
            f"La variable {{{name}}} n’existe pas.{hint}", field=field, code="unknown_variable"
        )
    if "{" in NAMED.sub("", text) or "}" in NAMED.sub("", text):
        raise Refusal(
            "Une accolade n’est pas refermée : une variable s’écrit {occupant.nom}.",
            field=field,
            code="open_brace",
        )


def resolve(facts: AgreementFacts) -> dict[str, str]:
    """Every variable of the list, as it is written in this agreement."""
    return {one.name: one.read(facts).strip() or one.otherwise for one in VARIABLES}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced, once: what is inserted is never read again."""
    return NAMED.sub(lambda found: values[found[1].strip()], text)
