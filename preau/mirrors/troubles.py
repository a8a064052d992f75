"""What went wrong, as the person who keeps the mirror reads it."""

from __future__ import annotations

from dataclasses import dataclass

from preau.core.errors import Refusal
from preau.integrations.grist.errors import (
    BodyTooLarge,
    ColumnNotFound,
    DocumentNotFound,
    TableNotFound,
)
from preau.integrations.http import Rejected, Throttled, Unauthorized, Unavailable
from preau.mirrors.enums import Problem
from preau.mirrors.servers import NotAllowed
from preau.outside.calls import NotAsked


class Missing(Exception):
    """Columns that somebody deleted in Grist. `labels`: their names here."""

    def __init__(self, table: str, labels: list[str]) -> None:
        super().__init__(table)
        self.table, self.labels = table, labels


class NobodyKeeps(Exception):
    """Who kept the mirror has left, or may not any more."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`problem` is empty when trying again later may do."""

    text: str
    problem: Problem = Problem.NONE


#: What a run may meet: anything else is a fault of ours.
MET = (Unavailable, Rejected, NotAllowed, Missing, NobodyKeeps)


def told(error: Exception) -> Trouble:
    """In one sentence or two: what happened, what to do."""
    if isinstance(error, Missing):
        names = ", ".join(f"« {one} »" for one in error.labels)
        return Trouble(
            f"Dans Grist, il manque à la table « {error.table} » : {names}. Recréez ce qui manque,"
            " ou retirez ces colonnes du miroir.",
            Problem.COLUMN,
        )
    if isinstance(error, NobodyKeeps):
        return Trouble(
            "La personne qui tenait ce miroir n’est plus gestionnaire de la structure. Un autre"
            " gestionnaire peut le reprendre.",
            Problem.KEEPER,
        )
    if isinstance(error, NotAllowed):
        return Trouble(error.sentence, Problem.HOST)
    if isinstance(error, Unavailable):
        return _unavailable(error)
    return _rejected(error)


def _unavailable(error: Unavailable) -> Trouble:
    if isinstance(error, NotAsked):
        return Trouble(
            "Grist n’a pas répondu aux derniers essais : Préau le laisse un moment, puis"
            " réessaie tout seul. Votre document garde ce qu’il contient."
        )
    if isinstance(error, Unauthorized):
        return Trouble(
            "Grist refuse la clé : elle a été supprimée, ou son propriétaire n’a plus le droit de"
            " modifier ce document. Créez une clé dans Grist (Profil, Clé d’API), puis donnez-la"
            " ici.",
            Problem.KEY,
        )
    if isinstance(error, Throttled):
        return Trouble(
            "Grist demande d’attendre : trop d’appels, ou limite du jour atteinte (5 000 appels par"
            " document dans les offres gratuites). Préau réessaie plus tard."
        )
    return Trouble(
        "Grist ne répond pas, ou pas comme prévu. Préau réessaie tout seul ; rien n’est perdu."
    )


def _rejected(error: Exception) -> Trouble:
    if isinstance(error, DocumentNotFound):
        return Trouble(
            "Grist ne trouve pas ce document : il a été supprimé, ou la clé n’y a pas accès."
            " Partagez-le avec le propriétaire de la clé, ou changez d’adresse.",
            Problem.DOCUMENT,
        )
    if isinstance(error, TableNotFound):
        return Trouble(
            "Une table du miroir a été supprimée ou renommée dans Grist. Recréez-la : elle sera"
            " remplie de nouveau.",
            Problem.TABLE,
        )
    if isinstance(error, ColumnNotFound):
        return Trouble(
            "Une colonne du miroir a été supprimée ou renommée dans Grist. Recréez ce qui manque.",
            Problem.COLUMN,
        )
    words = str(getattr(error, "said", "") or "").lower()
    if isinstance(error, BodyTooLarge) or "limit" in words or "delete-only" in words:
        return Trouble(
            "Le document a dépassé ce que permet son offre Grist (5 000 lignes dans les offres"
            " gratuites) : rien n’y est plus écrit. Choisissez moins de tables, ou utilisez un"
            " Grist hébergé par votre structure.",
            Problem.PLAN,
        )
    if isinstance(error, Refusal):
        return Trouble(error.sentence, Problem.OTHER)
    return Trouble(
        "Grist a refusé ce qui lui était envoyé. Vérifiez que personne n’a changé les colonnes du"
        " miroir, puis relancez ; si cela recommence, prévenez l’exploitant du site.",
        Problem.OTHER,
    )
