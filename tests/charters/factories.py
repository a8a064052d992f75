"""Charters ready to be joined, and places that have joined."""

from preau.agreements.actions import library
from preau.agreements.queries import draft
from preau.charters.actions import adhesions, charters
from preau.charters.actions.charters import Wanted
from tests.agreements.factories import mayor_of

WANTED = Wanted(
    name="Lieux partagés du Voironnais",
    purpose="Des lieux qui s’ouvrent à plusieurs.",
    label="Lieu partagé",
    area_key="commune:38185",
)


def charter_of(keeper, actor, *, opened=True):
    """Kept by a verified organisation; `actor` is one of its hands. National models are loaded."""
    charter = charters.create(WANTED, actor=actor)
    mayor_of(keeper)
    if opened:
        library.publish(draft(charter.model), note="", actor=actor)
        charter = charters.open_to_places(charter, actor=actor)
    return charter


def adhesion_of(charter, place, actor):
    """Asked for: its agreement waits for its signatures."""
    mayor_of(place.owner)
    return adhesions.join(charter, place, actor=actor)
