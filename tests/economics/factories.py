"""Allocations, models and rounds made by the real verbs."""

from datetime import date, timedelta

from preau.core import clock
from preau.economics.actions import allocations, proposing, rounds
from preau.economics.actions.allocations import Wanted, WantedProvider
from preau.economics.actions.rounds import Invitee, WantedRound
from preau.economics.enums import CostPart, Side

FIRST, LAST = date(2026, 9, 1), date(2027, 6, 30)


def allocation_of(actor, place=None, **given):
    wanted = {"place": place, "place_name": "La Fabrique", "first_day": FIRST, "last_day": LAST}
    return allocations.create(Wanted(**(wanted | given)), actor=actor)


def provider(allocation, name, actor, **given):
    wanted = {"minutes": 6000, "square_metres": 20, "weekly": ("1:matin",), "organization": None}
    return allocations.add_provider(
        allocation, WantedProvider(name=name, **(wanted | given)), actor=actor
    )


def charge(allocation, actor, part=CostPart.OPENING, cents=1_200_000, metres=None):
    return allocations.add_item(
        allocation, part=part, label="Charge", cents=cents, square_metres=metres, actor=actor
    )


def whole(actor, *organizations, place=None):
    """Costs of every part, two typed providers, and one for each organisation."""
    allocation = allocation_of(actor, place)
    charge(allocation, actor)
    charge(allocation, actor, CostPart.HALF_DAY, 4_500)
    charge(allocation, actor, CostPart.HOUR, 120)
    charge(allocation, actor, CostPart.ROOM, 90_000, 20)
    charge(allocation, actor, CostPart.ROOM, 250_000, 80)
    provider(allocation, "La Poste", actor)
    provider(allocation, "Théâtre", actor, square_metres=80, weekly=("4:soir",))
    for one in organizations:
        provider(allocation, one.name, actor, organization=one)
    return allocation


def soon(days=20):
    return clock.today() + timedelta(days=days)


def proposed(actor, *organizations, rule="shapley"):
    allocation = whole(actor, *organizations)
    return proposing.propose(allocation, rule=rule, answer_by=soon(), actor=actor)


def round_of(actor, *organizations, target_cents=230_000):
    """In preparation: the organisations, La Poste by its address, an owner."""
    wanted = WantedRound(
        place=None,
        place_name="La Fabrique",
        message="Un lieu, plusieurs services.",
        target_cents=target_cents,
        deadline=soon(30),
    )
    round_ = rounds.create(wanted, actor=actor)
    invitees = [
        Invitee(name=one.name, side=Side.PROVIDER, organization=one) for one in organizations
    ]
    invitees += [
        Invitee(name="La Poste", side=Side.PROVIDER, email="poste@example.org"),
        Invitee(name="SCI des Halles", side=Side.OWNER, email="sci@example.org"),
    ]
    rounds.invite(round_, invitees, actor=actor)
    return round_


def opened_round(actor, *organizations, **given):
    return rounds.open_round(round_of(actor, *organizations, **given), actor=actor)


#: A revenue of a model, with its doubts.
HYPOTHESIS = {
    "sort": "recette", "kind": "location", "label": "Salle", "cents": [400, 500, 600],
    "volume": [100, 300, 500], "start": 2, "ramp": 6,
}  # fmt: skip
