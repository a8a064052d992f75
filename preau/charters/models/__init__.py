"""The tables of the room, by subject."""

from preau.charters.models.charters import Charter, CharterAdhesion

__all__ = ["Charter", "CharterAdhesion"]
