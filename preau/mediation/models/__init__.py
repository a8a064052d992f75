"""The tables of the room, by subject."""

from preau.mediation.models.agenda import PlaceEvent
from preau.mediation.models.following import FollowUpFile, FollowUpStep, Mandate
from preau.mediation.models.training import Training
from preau.mediation.models.visits import Visit

__all__ = ["FollowUpFile", "FollowUpStep", "Mandate", "PlaceEvent", "Training", "Visit"]
