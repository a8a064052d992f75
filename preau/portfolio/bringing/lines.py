"""Understanding one line: what project it means, and everything wrong with it, in sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices

from preau.core import clock
from preau.core.tables.cells import Unreadable, cents_of, day_of, whole_of, words
from preau.portfolio.bringing.columns import BY_KEY
from preau.portfolio.bringing.known import Known, Pair
from preau.projects.enums import PhaseStatus, ProjectState
from preau.projects.models import Programme, Project
from preau.resources.enums import Phase, Theme
from preau.territories.models import Commune, Crte, Epci

S = ProjectState
#: A project brought in is somebody's work already: neither a draft, nor refused without a letter.
STATES = (S.ACKNOWLEDGED, S.QUALIFIED, S.ACCOMPANIED, S.CLOSED)
_TEXTS = {
    "name": 160,
    "purpose": 5000,
    "description": 10000,
    "holder_name": 160,
    "contact_name": 120,
    "contact_function": 120,
    "contact_phone": 20,
    "crte_orientation": 300,
    "external_id": 120,
}
MOST_COMMUNES = 200
_EMPTY = {"", "-", "–", "neant", "nc", "n c", "non renseigne"}
_MANY = re.compile(r"[;|\n]")


@dataclass(slots=True)
class Wanted:
    """What a line says, understood."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    communes: list[Commune] = field(default_factory=list)
    epci: Epci | None = None
    crte: Crte | None = None
    programmes: list[Programme] | None = None
    state: ProjectState | None = None
    external_id: str = ""
    project: Project | None = None
    pair: Pair | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, key: str, sentence: str) -> None:
        self.problems.append((BY_KEY[key].label, sentence))

    def remark(self, key: str, sentence: str) -> None:
        self.remarks.append((BY_KEY[key].label, sentence))


def understand(number: int, values: dict[str, str], known: Known) -> Wanted:
    """Read a line against what is known; nothing is written."""
    line = Wanted(number)
    values = {key: text for key, text in values.items() if words(text) not in _EMPTY}
    line.external_id = values.get("external_id", "")
    _find(line, values, known)
    _texts(line, values)
    _choices(line, values)
    _figures(line, values)
    _place(line, values, known)
    _crte(line, values, known)
    _programmes(line, values, known)
    _holder(line, values, known)
    _hands(line, values, known)
    return line


def _find(line: Wanted, values: dict[str, str], known: Known) -> None:
    reference = values.get("reference", "").upper()
    line.project = known.by_reference.get(reference) or known.by_external.get(line.external_id)
    if reference and line.project is None:
        line.refuse("reference", f"Aucun projet de Préau n’a la référence « {reference} ».")
    if line.project is not None and line.project.pk not in known.mine:
        line.project = None
        line.refuse(
            "reference" if reference else "external_id",
            "Ce projet est déjà sur Préau, et vous ne pouvez pas le modifier.",
        )
    if line.external_id:
        first = known.external_seen.setdefault(line.external_id, line.number)
        if first != line.number:
            line.refuse("external_id", f"Le même identifiant est déjà à la ligne {first}.")


def _texts(line: Wanted, values: dict[str, str]) -> None:
    for key, longest in _TEXTS.items():
        text = values.get(key, "")
        if len(text) > longest:
            line.refuse(key, f"Plus de {longest} caractères : raccourcissez.")
        elif text and key != "external_id":
            line.fields[key] = text
    if not values.get("name") and line.project is None:
        line.refuse("name", "Donnez un nom au projet.")
    if email := values.get("contact_email"):
        try:
            validate_email(email)
            line.fields["contact_email"] = email
        except ValidationError:
            line.refuse("contact_email", f"L’adresse « {email[:60]} » n’est pas complète.")


def _choices(line: Wanted, values: dict[str, str]) -> None:
    if text := values.get("phase"):
        _choose(line, "phase", text, Phase)
    if text := values.get("phase_status"):
        if words(text) == "bloque":
            line.remark("phase_status", "« Bloqué » : ouvrez un blocage sur la fiche du projet.")
            line.fields["phase_status"] = PhaseStatus.ONGOING
        else:
            _choose(line, "phase_status", text, PhaseStatus)
    if text := values.get("state"):
        found = _one_of(text, ProjectState)
        if found in STATES:
            line.state = ProjectState(found)
        else:
            line.refuse("state", f"« {text[:40]} » : écrivez {_labels(STATES)}.")
    if text := values.get("themes"):
        line.fields["themes"] = _themes(line, text)


def _choose(line: Wanted, key: str, text: str, choices: type[TextChoices]) -> None:
    found = _one_of(text, choices)
    if found is None:
        line.refuse(key, f"« {text[:40]} » n’est pas connu : écrivez {_labels(list(choices))}.")
    else:
        line.fields[key] = found


def _one_of(text: str, choices: type[TextChoices]) -> str | None:
    asked = words(text)
    names = {words(name): str(one.value) for one in choices for name in (one.label, one.value)}
    return names.get(asked)


def _labels(choices: Any) -> str:
    return ", ".join(f"« {one.label} »" for one in choices)


def _themes(line: Wanted, text: str) -> list[str]:
    whole = _one_of(text, Theme)  # a theme may have a comma in its name
    if whole:
        return [whole]
    found = []
    for part in _parts(text):
        one = _one_of(part, Theme)
        near = one or next(
            (str(t.value) for t in Theme if words(part) and words(part) in words(t.label)), None
        )
        if near is None:
            line.remark(
                "themes", f"Le thème « {part[:40]} » n’est pas connu de Préau : il est laissé."
            )
        elif near not in found:
            found.append(near)
    return found


def _parts(text: str) -> list[str]:
    parts = _MANY.split(text) if _MANY.search(text) else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _figures(line: Wanted, values: dict[str, str]) -> None:
    readers: dict[str, Callable[[str], Any]] = {
        "budget_cents": cents_of,
        "starts_on": day_of,
        "ends_on": day_of,
        "deposited_on": day_of,
        "crte_year": whole_of,
    }
    for key, reader in readers.items():
        if key not in values:
            continue
        try:
            line.fields[key] = reader(values[key])
        except Unreadable as error:
            line.refuse(key, str(error))
    year = line.fields.get("crte_year")
    if year is not None and not 2019 <= year <= 2100:
        line.refuse("crte_year", f"« {year} » : écrivez une année, par exemple 2022.")
    old = line.project
    starts = line.fields.get("starts_on", old.starts_on if old else None)
    ends = line.fields.get("ends_on", old.ends_on if old else None)
    if starts and ends and ends < starts:
        line.refuse("ends_on", "La fin vient avant le début.")
    if "deposited_on" in line.fields and line.fields["deposited_on"] > clock.today():
        line.refuse("deposited_on", "Cette date est à venir.")


def _place(line: Wanted, values: dict[str, str], known: Known) -> None:
    if siren := values.get("epci", "").replace(" ", ""):
        line.epci = known.epci(siren)
        if line.epci is None:
            line.refuse(
                "epci",
                f"Aucune intercommunalité n’a le SIREN « {siren[:40]} » : écrivez ses 9 chiffres.",
            )
    for part in _parts(values.get("communes", "")):
        found = known.commune(part)
        if isinstance(found, str):
            line.refuse("communes", found)
        elif found not in line.communes:
            line.communes.append(found)
    if len(line.communes) > MOST_COMMUNES:
        line.refuse("communes", f"Un projet concerne {MOST_COMMUNES} communes au plus.")
    if not line.communes and line.epci is not None and line.project is None:
        main = known.main_commune(line.epci)
        line.communes = [main] if main else []
    if line.project is None and not line.communes and not _told(line, "communes", "epci"):
        line.refuse("communes", "Indiquez au moins une commune, ou une intercommunalité.")


def _told(line: Wanted, *keys: str) -> bool:
    labels = {BY_KEY[key].label for key in keys}
    return any(label in labels for label, _ in line.problems)


def _crte(line: Wanted, values: dict[str, str], known: Known) -> None:
    if code := values.get("crte"):
        line.crte = known.crtes.get(code)
        if line.crte is None:
            line.refuse("crte", f"Aucun CRTE n’a l’identifiant « {code[:40]} ».")
    elif line.communes:
        line.crte = known.crte_of(line.communes[0])


def _programmes(line: Wanted, values: dict[str, str], known: Known) -> None:
    if text := values.get("programmes"):
        line.programmes = []
        for part in _parts(text):
            one = known.programmes.get(words(part))
            if one is None:
                line.remark("programmes", f"Le programme « {part[:60]} » n’est pas sur Préau.")
            elif one not in line.programmes:
                line.programmes.append(one)


def _holder(line: Wanted, values: dict[str, str], known: Known) -> None:
    siret = re.sub(r"\D", "", values.get("holder_siret", ""))
    if "holder_siret" in values:
        if len(siret) == 13:
            siret = siret.zfill(14)  # spreadsheets eat the first zero
        if len(siret) != 14:
            line.refuse("holder_siret", "Un SIRET a 14 chiffres.")
        else:
            line.fields["holder_siret"] = siret
            organization = known.organizations.get(siret)
            if organization is not None:
                line.fields["holder_organization"] = organization
    if line.project is None and "holder_name" not in line.fields:
        organization = line.fields.get("holder_organization")
        whose = organization or (line.epci if not values.get("communes") else None)
        if whose is None and line.communes:
            whose = f"Commune de {line.communes[0].name}"
        line.fields["holder_name"] = str(whose or "")[:160]


def _hands(line: Wanted, values: dict[str, str], known: Known) -> None:
    """In whose hands: the pair of the lead commune, whose département the person must work in."""
    lead = line.communes[0] if line.communes else None
    if lead is None:
        return
    if not known.may_bring(lead.departement_id):
        line.refuse("communes", f"{lead} : ce projet n’est pas de votre département.")
        return
    line.pair = known.pair(lead.departement_id)
    if line.pair is None:
        line.refuse(
            "communes",
            f"Les services de l’État du département {lead.departement_id} ne sont pas encore sur"
            " Préau.",
        )
        return
    if email := values.get("in_charge", "").lower():
        agent = line.pair.agents.get(email)
        if agent is None:
            line.refuse(
                "in_charge",
                f"« {email[:60]} » n’est ni à la DDT ni à la préfecture sur Préau : laissez vide,"
                " ou invitez cette personne.",
            )
        else:
            line.fields["service_in_charge_id"], line.fields["in_charge_id"] = agent
