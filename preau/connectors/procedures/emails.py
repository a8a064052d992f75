"""What the holder, and whoever follows the project for the State, are told of a dossier."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from preau.accounts.models import User
from preau.connectors.models import Dossier
from preau.connectors.procedures.states import DECIDED, DossierState
from preau.connectors.procedures.topics import DOSSIERS
from preau.core.formats import day, local
from preau.notifications.actions import Mail, notify
from preau.notifications.emails import compose
from preau.projects.enums import FundingState
from preau.projects.recipients import holder_side, state_side

D = DossierState
_HAPPENED = {
    D.EN_CONSTRUCTION: "est déposé",
    D.EN_INSTRUCTION: "est en instruction",
    D.ACCEPTE: "est accepté",
    D.REFUSE: "est refusé",
    D.SANS_SUITE: "est classé sans suite",
    D.EXPIRED: "a expiré",
}
_NEXT = {
    D.EN_CONSTRUCTION: "Le service qui instruit vérifie qu’il est complet, et vous écrit sur la"
    " démarche s’il manque une pièce.",
    D.EN_INSTRUCTION: "Vous n’avez rien à faire : la réponse s’affichera sur le projet.",
    D.ACCEPTE: "Il reste à indiquer sur le projet le montant accordé : la démarche ne le dit pas.",
    D.REFUSE: "Les services de l’État qui suivent le projet sont prévenus aussi : voyez avec eux"
    " une autre piste.",
    D.SANS_SUITE: "Le motif est sur la démarche. Vous pouvez préparer un autre dossier.",
    D.EXPIRED: "Rien n’est perdu : le projet est toujours là. Préparez un nouveau dossier en un"
    " clic depuis sa page.",
}


def moved(dossier: Dossier, before: DossierState) -> None:
    """Both sides; nothing while its holder is only writing."""
    after = DossierState(dossier.state)
    if after not in _HAPPENED:
        return
    happened = _HAPPENED[after]
    if before in DECIDED:
        happened = "est de nouveau en instruction"
    elif (before, after) == (D.EN_INSTRUCTION, D.EN_CONSTRUCTION):
        happened = "est à compléter"
    stamp = f"{dossier.moved_at:%Y%m%d%H%M%S}"
    cause = f"connectors.dossier:{dossier.pk}:{after}:{stamp}"
    _send(
        holder_side(dossier.project),
        dossier,
        f"{dossier.procedure} : votre dossier {happened}",
        cause,
        f"Le dossier de « {dossier.project.name} » {happened}.",
        _next(dossier),
    )
    if after != D.EXPIRED:
        _send(
            state_side(dossier.project),
            dossier,
            f"{dossier.procedure} : le dossier de « {dossier.project.name} » {happened}",
            cause,
            f"Le dossier déposé par {dossier.project.holder} {happened}.",
            "Cet état vient de Démarche numérique.",
        )


def _next(dossier: Dossier) -> str:
    state = DossierState(dossier.state)
    if state != D.ACCEPTE or dossier.awaits_amount:
        return _NEXT[state]
    noted = FundingState(dossier.funding.state)
    if noted == FundingState.GRANTED:
        return "Le montant accordé est déjà noté sur le projet : vous n’avez rien à faire."
    return (
        f"Sur le projet, cette demande est notée « {noted.label} » : si ce n’est plus le cas,"
        " corrigez-la et indiquez le montant accordé."
    )


def to_open(dossier: Dossier) -> None:
    """Two days are left."""
    assert dossier.expires_at is not None
    last = day(local(dossier.expires_at, dossier.project.zone).date())
    _send(
        holder_side(dossier.project),
        dossier,
        f"{dossier.procedure} : ouvrez votre dossier avant le {last}",
        f"connectors.to_open:{dossier.pk}",
        f"Le dossier préparé pour « {dossier.project.name} » n’a pas encore été ouvert. La démarche"
        f" l’efface le {last}.",
        "Ouvrez-le depuis sa page : une fois ouvert, il vous attend aussi longtemps qu’il faut.",
    )


def dropped(dossier: Dossier) -> None:
    """The service kept less than it was sent."""
    labels = ", ".join(f"« {one} »" for one in (dossier.dropped or [])[:6])
    _send(
        holder_side(dossier.project),
        dossier,
        f"{dossier.procedure} : des réponses n’ont pas été reprises dans votre dossier",
        f"connectors.dropped:{dossier.pk}",
        f"La démarche n’a pas gardé ce que nous lui avions envoyé pour {labels}.",
        "Vérifiez ces questions dans votre dossier, et corrigez-les tant qu’il est modifiable.",
    )


def _send(
    users: Iterable[User], dossier: Dossier, title: str, cause: str, intro: str, next_steps: str
) -> None:
    url = reverse("connectors:grant_dossier", args=[dossier.key])
    text, html = compose(
        facts=[
            ("Projet", dossier.project.name),
            ("Démarche", str(dossier.procedure)),
            ("Dossier", f"n° {dossier.number}"),
        ],
        intro=intro,
        button_label="Voir le dossier",
        button_url=url,
        next_steps=next_steps,
    )
    notify(
        users,
        topic=DOSSIERS.key,
        title=title,
        cause=cause,
        body=intro,
        url=url,
        email=Mail(subject=title, text=text, html=html),
    )
