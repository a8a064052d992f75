"""Writes: prices frozen and given back; tariffs edited and assigned."""

from preau.pricing.actions.freezing import decide, freeze, give_back

__all__ = ["decide", "freeze", "give_back"]
