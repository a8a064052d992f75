"""The tables of the room, by subject."""

from preau.charters.models.charters import Charter, CharterAdhesion
from preau.charters.models.networks import Network, NetworkPlace, Passage, PlaceMember

__all__ = ["Charter", "CharterAdhesion", "Network", "NetworkPlace", "Passage", "PlaceMember"]
