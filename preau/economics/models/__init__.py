"""The tables of the room, by subject."""

from preau.economics.models.allocations import CostAllocation, CostItem, ProviderLine
from preau.economics.models.economy import EconomicModel, ModelVersion
from preau.economics.models.rounds import Commitment, Invitation, NegotiationRound

__all__ = [
    "Commitment",
    "CostAllocation",
    "CostItem",
    "EconomicModel",
    "Invitation",
    "ModelVersion",
    "NegotiationRound",
    "ProviderLine",
]
