"""Changing what the top of the sheet says, without writing over somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core.errors import Refusal
from preau.core.formats import day, euros
from preau.core.french import by_name
from preau.projects import perms
from preau.projects.actions import states, territory
from preau.projects.enums import EventKind, PhaseStatus
from preau.projects.history import note
from preau.projects.models import Programme, Project
from preau.resources.enums import Phase, Theme
from preau.territories.models import Commune, Epci

#: What this verb changes. The state has its own (`states`), so has the territory.
EDITED = (
    "name",
    "purpose",
    "description",
    "themes",
    "phase",
    "phase_status",
    "budget_cents",
    "starts_on",
    "ends_on",
    "contact_name",
    "contact_function",
    "contact_email",
    "contact_phone",
)
_KINDS = {"phase": EventKind.PHASE, "phase_status": EventKind.STATUS}
#: History keeps their stored values: figures are drawn from them.
_STORED = frozenset(_KINDS)
_CHOICES: dict[str, type[Phase] | type[PhaseStatus]] = {"phase": Phase, "phase_status": PhaseStatus}


class Conflict(Refusal):
    """Somebody changed the same fields meanwhile. Nothing is written.

    Attributes:
        theirs: those fields, as they are now.
    """

    def __init__(self, theirs: dict[str, Any]) -> None:
        super().__init__(
            "Quelqu’un a modifié la fiche pendant que vous écriviez. Votre texte est gardé ici :"
            " comparez, puis enregistrez de nouveau.",
            code="conflict",
        )
        self.theirs = theirs


def values_of(project: Project) -> dict[str, Any]:
    """What a form shows of it, in the form given back as `seen`."""
    return {name: getattr(project, name) for name in EDITED}


@transaction.atomic
def edit(
    project: Project, values: Mapping[str, Any], *, actor: Actor, seen: Mapping[str, Any]
) -> list[str]:
    """Write what the actor changed, and only that: what others changed meanwhile stays.

    Args:
        seen: the values on the page that the actor wrote from (`values_of`).

    Returns:
        The fields changed, each with its line of history.

    Raises:
        Forbidden: not theirs to edit.
        Conflict: they and somebody else changed the same field.
        Refusal: a value the project cannot have.
    """
    perms.require(actor, "project.edit", project)
    now = states.lock_open(project)
    mine = {
        name: values[name]
        for name in EDITED
        if name in values and values[name] != seen[name] and values[name] != getattr(now, name)
    }
    theirs = {name: getattr(now, name) for name in mine if getattr(now, name) != seen[name]}
    if theirs:
        raise Conflict(theirs)
    _refuse(now, mine)
    before = values_of(now)
    for name, value in mine.items():
        setattr(now, name, value)
        kind = _KINDS.get(name, EventKind.IDENTITY)
        change = (_kept(name, before[name]), _kept(name, value))
        note(now, kind, actor=actor, about=label_of(name), change=change)
    if mine:
        _save(now, list(mine))
    for name, value in mine.items():
        setattr(project, name, value)
    return list(mine)


@transaction.atomic
def place(
    project: Project, communes: Sequence[Commune], *, epci: Epci | None = None, actor: Actor
) -> bool:
    """Say in which communes the project is, the lead one always among them.

    Returns:
        Whether something changed.

    Raises:
        Refusal: the lead commune is missing ("lead"): it says which services answer.
    """
    perms.require(actor, "project.edit", project)
    project = states.lock_open(project)
    if project.lead_commune is not None and project.lead_commune not in communes:
        raise Refusal(
            f"{project.lead_commune.name} est la commune principale : elle décide des services de"
            " l’État qui suivent le projet. Gardez-la, ou demandez à la personne en charge.",
            field="kept",
            code="lead",
        )
    before, handed_to = _where(project), project.departement_code
    territory.set_territory(project, communes, epci)
    if project.departement_code != handed_to:  # it was passed to another pair: it stays theirs
        project.departement_code = handed_to
        project.departement_codes = sorted({*project.departement_codes, handed_to})
        project.save(update_fields=["departement_code", "departement_codes"])
    after = _where(project)
    if before != after:
        note(project, EventKind.IDENTITY, actor=actor, about="Communes", change=(before, after))
    return before != after


@transaction.atomic
def enrol(project: Project, programmes: Iterable[Programme], *, actor: Actor) -> bool:
    """Say of which programmes the project is; whether something changed."""
    perms.require(actor, "project.edit", project)
    project = states.lock_open(project)
    before = _programmes(project)
    territory.set_programmes(project, list(programmes))
    after = _programmes(project)
    if before != after:
        note(project, EventKind.IDENTITY, actor=actor, about="Programmes", change=(before, after))
    return before != after


def _programmes(project: Project) -> str:
    rows = project.programmes.filter(until=None).order_by(*by_name("programme__name"))
    return ", ".join(rows.values_list("programme__name", flat=True))


def _where(project: Project) -> str:
    names = Commune.objects.filter(pk__in=project.communes.values("commune"))
    return ", ".join(names.order_by(*by_name("name")).values_list("name", flat=True))


def _save(project: Project, names: list[str]) -> None:
    try:
        with transaction.atomic():
            project.save(update_fields=names)
    except IntegrityError as error:  # the check constraints; the form has asked already
        raise Refusal(
            "La fiche ne peut pas être enregistrée ainsi : vérifiez le budget et les dates.",
            code="check",
        ) from error


def _refuse(project: Project, mine: Mapping[str, Any]) -> None:
    if "name" in mine and not mine["name"].strip():
        raise Refusal("Donnez un nom au projet.", field="name", code="name")
    starts, ends = (mine.get(name, getattr(project, name)) for name in ("starts_on", "ends_on"))
    if starts and ends and ends < starts:
        raise Refusal("La fin prévue ne peut pas précéder le début.", field="ends_on", code="dates")
    if (mine.get("budget_cents") or 0) < 0:
        raise Refusal("Un budget ne peut pas être négatif.", field="budget_cents", code="budget")


def label_of(name: str) -> str:
    """The field, in words."""
    words = str(getattr(Project._meta.get_field(name), "verbose_name", name))
    return words[:1].upper() + words[1:]


def _kept(name: str, value: Any) -> str:
    return str(value or "") if name in _STORED else shown(name, value)


def shown(name: str, value: Any) -> str:
    """A value, in words."""
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name == "themes":
        return ", ".join(Theme(one).label for one in value)
    if name == "budget_cents":
        return euros(value) if value is not None else ""
    if isinstance(value, date):
        return day(value)
    return str(value or "")
