"""The answers of the guide, written through the actions of the rooms they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from preau.accounts.actors import Actor
from preau.agreements.actions.authorities import appoint
from preau.agreements.actions.library import copy_model, publish
from preau.agreements.drafting.facts import Person
from preau.agreements.enums import AuthorityRole
from preau.agreements.models import Model
from preau.availability.actions.calendars import save_hours
from preau.availability.models import OpeningCalendar
from preau.availability.presets import BY_KEY
from preau.booking.actions.rules import Asked, Step, Wanted, assign_rules, save_rules
from preau.booking.enums import Approver
from preau.booking.models import BookingRules
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.desk.setup.state import ANSWERED
from preau.documents.enums import DocumentKind
from preau.places.actions import edit_space
from preau.places.enums import ApprovalMode, UserCategory
from preau.places.models import Place, Space
from preau.pricing.actions.tariffs import assign, create_tariff, save_grid

#: (residence, unit) → cents.
Prices = Mapping[tuple[str, str], int]
COMPANIES_AND_OTHERS = [one for one in UserCategory.values if one != UserCategory.RESIDENT]


def _note(place: Place, step: str, answer: str, actor: Actor) -> None:
    audit.record(actor, ANSWERED, place, step=step, answer=answer)


@transaction.atomic
def choose_hours(space: Space, preset: str, *, actor: Actor) -> OpeningCalendar:
    """Give the space usual hours, to be changed whenever one likes."""
    place, usual = space.place, BY_KEY[preset]
    rules = usual.lines(clock.today(place.zone))
    return save_hours(place, None, name=usual.name, rules=rules, spaces=[space], actor=actor)


@transaction.atomic
def choose_price(
    space: Space, categories: Sequence[str], kind: str, prices: Prices, *, actor: Actor
) -> None:
    """Say who books and what it costs: `gratuit`, `demande`, or `payant` with its prices.

    Raises:
        Refusal: a tariff has that name already.
    """
    place = space.place
    lowest = min(prices.values(), default=0)
    cents = {"gratuit": 0, "demande": None}.get(kind, lowest)
    edit_space(actor=actor, space=space, categories=list(categories), price_from_cents=cents)
    if kind == "payant":
        tariff = create_tariff(actor=actor, organization=place.owner, name=place.name)
        grid: dict[tuple[int | None, str, str, str], int] = {
            (None, "", where, unit): amount for (where, unit), amount in prices.items()
        }
        save_grid(tariff, grid, seen=None, actor=actor)
        assign(tariff, places=[place], spaces=[], actor=actor)
    _note(place, "prix", kind, actor)


@transaction.atomic
def choose_rules(space: Space, accord: str, insurance: str, *, actor: Actor) -> BookingRules:
    """Say whose accord a booking takes, and whether an insurance certificate is asked.

    Raises:
        Refusal: a model of rules has that name already.
    """
    immediate = accord == "personne"
    mode = ApprovalMode.IMMEDIATE if immediate else ApprovalMode.MANAGER
    edit_space(actor=actor, space=space, approval=mode)
    chain = [Approver.HEAD_OF_SCHOOL, Approver.OWNER] if accord == "etablissement" else []
    asked = [Asked(DocumentKind.INSURANCE, COMPANIES_AND_OTHERS, insurance == "demande")]
    wanted = replace(
        _usual(space.place),
        steps=[Step(one, one.label, 120) for one in chain],
        documents=asked if insurance != "non" else [],
    )
    return _hold(space.place, wanted, None, actor)


@transaction.atomic
def choose_agreement(
    space: Space, rules: BookingRules | None, national: Model | None, answer: str, *, actor: Actor
) -> None:
    """Have an agreement signed (`national`, or `copie` for one's own text), or `aucune`.

    Raises:
        Refusal: the model has no published version, or a copy of that name is there already.
    """
    place, model = space.place, None
    if answer != "aucune":
        if national is None:
            raise Refusal("Aucun modèle national n’est publié pour ce cas.", field="answer")
        model = _copy(national, place, actor) if answer == "copie" else national
    if model is not None or rules is not None:
        wanted = replace(_wanted_of(rules) if rules else _usual(place), agreement_model=model)
        _hold(place, wanted, rules, actor)
    _note(place, "convention", answer, actor)


@transaction.atomic
def choose_signatories(
    place: Place, people: Mapping[AuthorityRole, Person], *, actor: Actor
) -> None:
    """Say who signs: the owner for all its places, the head of school for this one."""
    for role, who in people.items():
        own = place if role == AuthorityRole.HEAD_OF_SCHOOL else None
        appoint(place.owner, who, role=role, place=own, actor=actor)


def _copy(national: Model, place: Place, actor: Actor) -> Model:
    """One's own text, in force at once: it says what the national one says until edited."""
    draft = copy_model(national, place.owner, name=national.name, actor=actor)
    return publish(draft, note="Copie du modèle national", actor=actor).model


def _hold(place: Place, wanted: Wanted, rules: BookingRules | None, actor: Actor) -> BookingRules:
    """Write the rules; new ones hold for the place."""
    saved = save_rules(place.owner, wanted, actor=actor, rules=rules)
    if rules is None:
        assign_rules(saved, [place], [], actor=actor)
    return saved


def _usual(place: Place) -> Wanted:
    return Wanted(
        name=place.name,
        completion_days=14,
        offer_hours=24,
        has_waiting_list=True,
        allows_economic_use=False,
        agreement_model=None,
        steps=[],
        documents=[],
    )


def _wanted_of(rules: BookingRules) -> Wanted:
    """The rules as they are: saving them again changes nothing."""
    same: dict[str, Any] = {
        name: getattr(rules, name)
        for name in (
            "name", "completion_days", "offer_hours", "has_waiting_list", "allows_economic_use",
            "agreement_model",
        )
    }  # fmt: skip
    return Wanted(
        steps=[Step(one.approver, one.label, one.hours) for one in rules.steps.all()],
        documents=[
            Asked(one.kind, one.categories, one.with_request, one.note)
            for one in rules.documents.all()
        ],
        **same,
    )
