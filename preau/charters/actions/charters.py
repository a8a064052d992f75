"""A charter: begun from the national text, opened once a version is published, closed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.agreements.actions.library import copy_model
from preau.agreements.enums import LegalCase
from preau.agreements.models import Model
from preau.agreements.queries import published
from preau.charters import perms
from preau.charters.actions.adhesions import show_label
from preau.charters.enums import AdhesionState, CharterState
from preau.charters.models import Charter
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.territories.areas import area


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    name: str
    purpose: str
    label: str
    area_key: str
    confirm_months: int = 12


@transaction.atomic
def create(wanted: Wanted, *, actor: Actor) -> Charter:
    """Begin a charter: its text is a copy of the national one, to be read over and published.

    Raises:
        Forbidden: the present hat may not.
        Refusal: the name is taken, the territory is not known.
    """
    if not perms.may_create(actor) or actor.organization is None:
        raise Forbidden(perms.NOT_YOURS)
    area(wanted.area_key)
    source = Model.objects.get(organization=None, case=LegalCase.CHARTER)
    draft = copy_model(source, actor.organization, name=wanted.name, actor=actor)
    charter = Charter(keeper=actor.organization, model=draft.model, **_fields(wanted))
    _save(charter)
    audit.record(actor, "charter.create", charter)
    return charter


@transaction.atomic
def edit(charter: Charter, wanted: Wanted, *, actor: Actor) -> Charter:
    """Change how it is presented; its text is edited in the library of models."""
    perms.require(actor, "charter.keep", charter)
    area(wanted.area_key)
    for name, value in _fields(wanted).items():
        setattr(charter, name, value)
    _save(charter)
    for adhesion in charter.adhesions.filter(state=AdhesionState.ACTIVE).select_related(
        "place__sheet"
    ):
        show_label(adhesion)
    audit.record(actor, "charter.edit", charter)
    return charter


@transaction.atomic
def open_to_places(charter: Charter, *, actor: Actor) -> Charter:
    """Open it to adhesions, for the first time or again.

    Raises:
        Refusal: no version of its text is published.
    """
    perms.require(actor, "charter.keep", charter)
    charter = Charter.objects.select_for_update(of=("self",)).get(pk=charter.pk)
    if published(charter.model) is None:
        raise Refusal(
            "Relisez et publiez d’abord le texte de la charte : c’est lui que les lieux signent.",
            code="not_published",
        )
    charter.state = CharterState.OPEN
    charter.opened_at = charter.opened_at or clock.now()
    charter.save(update_fields=["state", "opened_at"])
    audit.record(actor, "charter.open", charter)
    return charter


@transaction.atomic
def close(charter: Charter, *, actor: Actor) -> Charter:
    """No new place may join; those that did stay, and go on confirming."""
    perms.require(actor, "charter.keep", charter)
    charter = Charter.objects.select_for_update(of=("self",)).get(pk=charter.pk)
    if charter.state != CharterState.OPEN:
        raise Refusal("Cette charte n’est pas ouverte.", code="not_open")
    charter.state = CharterState.CLOSED
    charter.save(update_fields=["state"])
    audit.record(actor, "charter.close", charter)
    return charter


def _fields(wanted: Wanted) -> dict[str, object]:
    return {
        "name": wanted.name.strip(),
        "purpose": wanted.purpose.strip(),
        "label": wanted.label.strip(),
        "area_key": wanted.area_key,
        "confirm_months": wanted.confirm_months,
    }


def _save(charter: Charter) -> None:
    try:
        with transaction.atomic():
            charter.save()
    except IntegrityError as error:
        raise Refusal(
            "Une charte de votre structure porte déjà ce nom.", field="name", code="name_taken"
        ) from error
