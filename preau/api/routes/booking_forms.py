"""A booking asked by a program goes through the forms of the pages: one set of rules."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from preau.accounts.actors import Actor
from preau.api.http.problems import INPUT, Problem
from preau.api.http.validation import of_form
from preau.api.schemas.bookings import Details
from preau.booking.actions import holds, requests
from preau.booking.actions.steps import Details as Occasion
from preau.booking.forms.occupant import DetailsForm, RecapForm
from preau.booking.models import Booking
from preau.places.categories import category_of
from preau.places.enums import UserCategory

#: The forms’ field → the API’s.
NAMES = {
    "rules": "accepts_rules",
    "commitment": "engages_republican_values",
    "agreed": "agreed_cents",
    "start": "start",
}


def send(held: Booking, asked: Details, actor: Actor) -> Booking:
    """Fill in, agree to the rules, and send the request of a held slot.

    Raises:
        Problem: what the forms of the pages refuse.
        Refusal: what the actions refuse.
    """
    form = DetailsForm(_typed(asked, actor), booking=held, actor=actor)
    if not form.is_valid():
        raise of_form(form, NAMES)
    association = category_of(actor.organization) == UserCategory.ASSOCIATION
    commits = form.signs_agreement and association
    recap = RecapForm(_recap(asked), commits=commits)
    if not recap.is_valid():
        raise of_form(recap, NAMES)
    if asked.options:
        holds.choose_options(held, [list(one) for one in asked.options])
    occasion = _occasion(form, commits and asked.engages_republican_values)
    return requests.submit(held, occasion, actor=actor, agreed_cents=asked.agreed_cents)


def _typed(asked: Details, actor: Actor) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {
            "acting": str(actor.membership.pk) if actor.membership else "moi",
            "purpose": asked.purpose,
            "attendance": str(asked.attendance),
            "is_public_event": "oui" if asked.is_public_event else "non",
            "contact_name": asked.contact_name,
            "contact_phone": asked.contact_phone,
            "capacity": asked.capacity,
            "remarks": asked.remarks,
        }
    )
    if asked.is_economic:
        data["is_economic"] = "on"
    return data


def _recap(asked: Details) -> dict[str, str]:
    data = {"agreed": "" if asked.agreed_cents is None else str(asked.agreed_cents)}
    if asked.accepts_rules:
        data["rules"] = "on"
    if asked.engages_republican_values:
        data["commitment"] = "on"
    return data


def _occasion(form: DetailsForm, engages: bool) -> Occasion:
    return replace(form.details, engages=engages)


def field_problem(field: str, sentence: str) -> Problem:
    line = {"field": field, "code": "required", "detail": sentence}
    return Problem(INPUT, sentence, code="fields", errors=[line])
