"""Writes of the room: each is one atomic verb."""

from preau.agreements.actions.drawing import cancel_agreement, draw_up

__all__ = ["cancel_agreement", "draw_up"]
