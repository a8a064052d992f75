"""Everyone of a round told at once: by their account, or by a letter to the address given."""

from __future__ import annotations

from collections.abc import Iterable

from preau.core.formats import day, euros
from preau.economics import round_links
from preau.economics.enums import RoundState
from preau.economics.models import Invitation, NegotiationRound
from preau.economics.telling import hands_of
from preau.economics.topics import ROUNDS
from preau.notifications.actions import enqueue_email, notify
from preau.notifications.emails import compose


def invited(round_: NegotiationRound, invitations: Iterable[Invitation]) -> None:
    _tell(
        round_,
        invitations,
        "invitation",
        f"{round_.organization} vous invite à partager {round_.place_name}",
        f"{round_.message}\n\nDites à quoi votre structure s’engage. Rien n’est dû tant que les"
        " charges ne sont pas couvertes.",
    )


def to_answer(round_: NegotiationRound, invitations: Iterable[Invitation]) -> None:
    _tell(
        round_,
        invitations,
        "rappel",
        f"Il reste quelques jours pour vous engager : {round_.place_name}",
        "Votre structure n’a pas encore répondu.",
    )


def closed(round_: NegotiationRound, promised: int) -> None:
    """The invitees, and whoever leads it."""
    words = {
        RoundState.COVERED: "Les charges sont couvertes : les conventions se préparent.",
        RoundState.FAILED: "La date limite est passée sans que les charges soient couvertes :"
        " personne n’est engagé.",
        RoundState.CANCELLED: f"La négociation est abandonnée : {round_.close_reason} Personne"
        " n’est engagé.",
    }[RoundState(round_.state)]
    title = f"{round_.place_name} : {round_.get_state_display().lower()}"
    body = f"{words} {euros(promised)} par mois étaient engagés sur {euros(round_.target_cents)}."
    _tell(round_, round_.invitations.exclude(told_at=None), "close", title, body, button="Voir")
    notify(
        hands_of(round_.organization_id),
        topic=ROUNDS.key,
        title=title,
        body=body,
        cause=f"negotiation:{round_.pk}:close",
        url=round_.get_absolute_url(),
    )


def answered(invitation: Invitation, promised: int, what: str, *, stamp: str) -> None:
    round_ = invitation.round
    notify(
        hands_of(round_.organization_id),
        topic=ROUNDS.key,
        title=f"{invitation.name} {what} : {round_.place_name}",
        body=f"{euros(promised)} par mois engagés sur {euros(round_.target_cents)}.",
        cause=f"negotiation-invitation:{invitation.pk}:{stamp}",
        url=round_.get_absolute_url(),
    )


def _tell(
    round_: NegotiationRound,
    invitations: Iterable[Invitation],
    what: str,
    title: str,
    body: str,
    *,
    button: str = "Répondre",
) -> None:
    for one in invitations:
        cause = f"negotiation-invitation:{one.pk}:{what}"
        if one.organization_id is not None:
            notify(
                hands_of(one.organization_id),
                topic=ROUNDS.key,
                title=title,
                body=body,
                cause=cause,
                url=one.get_absolute_url(),
            )
        elif one.email:
            text, html = compose(
                intro=body,
                facts=[
                    ("Lieu", round_.place_name),
                    ("Charges à couvrir", f"{euros(round_.target_cents)} par mois"),
                    ("Date limite", day(round_.deadline)),
                ],
                button_label=button,
                button_url=round_links.page_for(one),
                contact=str(round_.organization),
            )
            enqueue_email(cause=cause, recipient=one.email, subject=title, text=text, html=html)
