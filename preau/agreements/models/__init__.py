"""The tables of the agreements room."""

from preau.agreements.models.agreements import (
    Agreement,
    AgreementCounter,
    AgreementOccupancy,
    BoardOpinion,
    SigningAuthority,
)
from preau.agreements.models.library import Clause, Model, ModelVersion
from preau.agreements.models.rounds import (
    Evidence,
    Signatory,
    SignatureRound,
    SigningSettings,
)

__all__ = [
    "Agreement",
    "AgreementCounter",
    "AgreementOccupancy",
    "BoardOpinion",
    "Clause",
    "Evidence",
    "Model",
    "ModelVersion",
    "Signatory",
    "SignatureRound",
    "SigningAuthority",
    "SigningSettings",
]
