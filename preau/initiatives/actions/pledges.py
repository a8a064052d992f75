"""Promising a part of what a campaign asks for, and what becomes of it."""

from __future__ import annotations

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.initiatives.actions import campaigns
from preau.initiatives.actions.listing_states import check
from preau.initiatives.emails import campaigns as emails
from preau.initiatives.enums.campaigns import (
    PLEDGE_MOVES,
    CampaignState,
    PledgeState,
    TargetKind,
)
from preau.initiatives.models import Pledge, Target
from preau.initiatives.queries.campaigns import UNCONFIRMED_KEPT

_P = PledgeState
#: Live pledges of one person to one campaign.
MOST = 20


@transaction.atomic
def pledge(
    target: Target,
    *,
    quantity: int,
    name: str = "",
    email: str = "",
    show_name: bool = False,
    message: str = "",
    actor: Actor,
) -> Pledge:
    """Promise something: at once when signed in, by a link in a letter otherwise.

    Raises:
        Refusal: the campaign is not open, or more than what is asked for.
    """
    if not allowed(actor, "campaign.pledge", target):
        raise Forbidden
    campaign = campaigns.locked(target.campaign)
    _refuse_a_plain_member(actor)
    if not campaign.is_open:
        raise Refusal("Cette collecte n’est pas ouverte.", code="state")
    if quantity > target.quantity:
        raise Refusal("C’est plus que ce qui est demandé : écrivez moins.", field="quantity")
    if actor.user is None and not email:
        raise Refusal("Écrivez votre adresse : vous y confirmerez votre apport.", field="email")
    own = Pledge(
        target=target,
        quantity=quantity,
        user=actor.user,
        organization=actor.organization,
        name=(name or (actor.user.first_name if actor.user else "")).strip()[:160],
        email="" if actor.user else email.strip().lower(),
        show_name=show_name,
        message=message.strip()[:500],
        state=_P.PROMISED if actor.user else _P.UNCONFIRMED,
    )
    _refuse_too_many(own)
    check(own)
    own.save()
    audit.record(actor, "campaign.pledge", campaign, pledge=own.pk)
    if own.state == _P.UNCONFIRMED:
        emails.ask_to_confirm(own)
    else:
        emails.tell_new_pledge(own)
    return own


def _refuse_a_plain_member(actor: Actor) -> None:
    """An organisation promises by the hand of those who run it, as it publishes a listing."""
    hat = actor.membership
    if hat and hat.role not in {MembershipRole.MANAGER, MembershipRole.ADMINISTRATOR}:
        raise Refusal(
            "Seules les personnes qui gèrent votre structure promettent en son nom. Agissez en"
            " votre nom, ou demandez-leur.",
            code="member",
        )


def _refuse_too_many(own: Pledge) -> None:
    live = Pledge.objects.filter(target__campaign=own.target.campaign_id).exclude(
        state=_P.CANCELLED
    )
    theirs = live.filter(user=own.user) if own.user else live.filter(email=own.email)
    if theirs.count() >= MOST:
        raise Refusal("Vous avez déjà beaucoup promis à cette collecte. Merci !")


def _go(own: Pledge, state: PledgeState) -> Pledge:
    """Under the lock of its campaign."""
    row = Pledge.objects.select_for_update(of=("self",), no_key=True)
    own = row.select_related("target__campaign__commune", "user", "organization").get(pk=own.pk)
    if state not in PLEDGE_MOVES[PledgeState(own.state)]:
        raise Refusal(
            f"Cet apport est maintenant « {own.get_state_display()} » : rechargez la page.",
            code="state",
        )
    own.state, own.updated_at = state, clock.now()
    own.save(update_fields=["state", "updated_at"])
    return own


@transaction.atomic
def confirm_by_link(own: Pledge, *, actor: Actor) -> Pledge:
    """Whoever has the letter confirms. Twice changes nothing.

    Raises:
        Refusal: the campaign ended meanwhile.
    """
    campaign = campaigns.locked(own.target.campaign)
    own.refresh_from_db()
    if own.state != _P.UNCONFIRMED:
        return own
    if not campaign.is_open:
        raise Refusal("Cette collecte s’est terminée avant votre confirmation.", code="state")
    own = _go(own, _P.PROMISED)
    audit.record(actor, "campaign.pledge_confirm", campaign, pledge=own.pk)
    emails.tell_new_pledge(own)
    return own


@transaction.atomic
def withdraw(own: Pledge, *, actor: Actor, by_link: bool = False) -> Pledge:
    """Whoever promised takes it back, until it is received.

    Raises:
        Forbidden: it is somebody else's.
    """
    mine = actor.user_id is not None and own.user_id == actor.user_id
    if not by_link and not mine:
        raise Forbidden("Cet apport n’est pas le vôtre.")
    campaign = campaigns.locked(own.target.campaign)
    was_told = own.state != _P.UNCONFIRMED
    own = _go(own, _P.CANCELLED)
    audit.record(actor, "campaign.pledge_withdraw", campaign, pledge=own.pk)
    if was_told:
        emails.tell_holder(
            campaign,
            f"withdrawn:{own.pk}",
            f"Un apport à « {campaign.title} » est repris",
            f"{own.who} ne peut plus le tenir.",
        )
    return own


@transaction.atomic
def decide(own: Pledge, state: PledgeState, *, actor: Actor) -> Pledge:
    """The holder counts on it, has received it, or turns it down.

    Raises:
        Refusal: it is money, which the outside platform alone receives.
    """
    campaigns.require(actor, own)
    campaign = campaigns.locked(own.target.campaign)
    if campaign.state == CampaignState.CANCELLED:
        raise Refusal("Cette collecte est annulée.", code="state")
    if own.state == _P.UNCONFIRMED:
        raise Refusal("La personne n’a pas encore confirmé son adresse.", code="state")
    if own.target.kind == TargetKind.MONEY and state != _P.CANCELLED:
        raise Refusal(
            "L’argent passe par la plateforme extérieure : notez le montant qu’elle affiche.",
            code="money",
        )
    own = _go(own, state)
    audit.record(actor, f"campaign.pledge_{state.name.lower()}", campaign, pledge=own.pk)
    if state == _P.CONFIRMED:
        emails.tell_confirmed(own)
    elif state == _P.RECEIVED:
        emails.tell_received(own)
    else:
        emails.tell_turned_down(own)
    campaigns.settle(campaign)
    return own


@transaction.atomic
def forget_unconfirmed() -> int:
    """Addresses that were typed and never confirmed are not kept."""
    old = Pledge.objects.filter(state=_P.UNCONFIRMED, created_at__lt=clock.now() - UNCONFIRMED_KEPT)
    gone = 0
    for one in old.select_related("target__campaign").select_for_update(of=("self",))[:500]:
        audit.record(SYSTEM, "campaign.pledge_forget", one.target.campaign, pledge=one.pk)
        one.delete()
        gone += 1
    return gone
