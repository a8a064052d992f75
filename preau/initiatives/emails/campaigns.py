"""The letters of a campaign: to whoever pledged, with an account or without, and to its holder."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from preau.core.formats import day
from preau.initiatives import pledge_links
from preau.initiatives.enums.campaigns import CampaignState, PledgeState
from preau.initiatives.models import Campaign, Pledge
from preau.initiatives.queries.campaigns import others_of
from preau.initiatives.topics.campaigns import PLEDGES, RUN
from preau.initiatives.words import amount, besides
from preau.notifications.actions import enqueue_email, notify
from preau.notifications.emails import compose
from preau.projects.recipients import holder_side

_LIVE = (PledgeState.PROMISED, PledgeState.CONFIRMED, PledgeState.RECEIVED)


def ask_to_confirm(pledge: Pledge) -> None:
    """To an address that was typed: it carries no word of whoever typed it."""
    campaign = pledge.target.campaign
    text, html = compose(
        facts=[("Collecte", campaign.title), ("Votre apport", amount(pledge))],
        intro="Vous avez promis un apport sur Préau. Il compte une fois que vous l’avez confirmé.",
        button_label="Confirmer mon apport",
        button_url=pledge_links.page_for(pledge),
        next_steps=(
            f"{besides(others_of(pledge))} Sans confirmation sous sept jours, cet apport est"
            " effacé. Vous n’avez rien promis ? Ne faites rien."
        ).strip(),
    )
    enqueue_email(
        cause=f"initiatives.pledge:{pledge.pk}:confirm",
        recipient=pledge.email,
        subject=f"Confirmez votre apport à « {campaign.title} »",
        text=text,
        html=html,
        urgent=True,
    )


def tell_holder(campaign: Campaign, what: str, title: str, body: str = "") -> None:
    notify(
        holder_side(campaign.project),
        topic=RUN.key,
        title=title,
        body=body,
        cause=f"initiatives.campaign:{campaign.pk}:{what}",
        url=reverse("initiatives:campaign_manage", args=[campaign.key]),
    )


def tell_new_pledge(pledge: Pledge) -> None:
    campaign = pledge.target.campaign
    tell_holder(
        campaign,
        f"pledge:{pledge.pk}",
        f"Nouvel apport à « {campaign.title} » : {amount(pledge)}",
        f"Promis par {pledge.who}. Confirmez-le quand vous vous êtes entendus.",
    )


def tell_pledger(pledge: Pledge, what: str, title: str, body: str) -> None:
    """By their account, or at the address they gave."""
    campaign = pledge.target.campaign
    cause = f"initiatives.pledge:{pledge.pk}:{what}"
    if pledge.user is not None:
        url = reverse("initiatives:campaign_show", args=[campaign.key])
        notify([pledge.user], topic=PLEDGES.key, title=title, body=body, cause=cause, url=url)
    elif pledge.email:
        text, html = compose(
            facts=[("Collecte", campaign.title), ("Votre apport", amount(pledge))],
            intro=body,
            button_label="Voir mon apport",
            button_url=pledge_links.page_for(pledge),
        )
        enqueue_email(cause=cause, recipient=pledge.email, subject=title, text=text, html=html)


def tell_confirmed(pledge: Pledge) -> None:
    title = f"Votre apport à « {pledge.target.campaign.title} » est confirmé"
    tell_pledger(
        pledge, "confirmed", title, f"{pledge.target.campaign.organizer} compte sur vous. Merci."
    )


def tell_received(pledge: Pledge) -> None:
    title = f"Merci pour votre apport à « {pledge.target.campaign.title} »"
    tell_pledger(
        pledge, "received", title, f"{pledge.target.campaign.organizer} l’a bien reçu. Merci."
    )


def tell_turned_down(pledge: Pledge) -> None:
    title = f"Votre apport à « {pledge.target.campaign.title} » est annulé"
    tell_pledger(
        pledge,
        "turned_down",
        title,
        f"{pledge.target.campaign.organizer} n’en a pas besoin, ou ne peut pas le recevoir. Merci"
        " de l’avoir proposé.",
    )


def tell_result(campaign: Campaign) -> None:
    """How it ended, to each who pledged, once, and to its holder."""
    title, body = _result(campaign)
    tell_holder(campaign, f"ended:{campaign.state}", title, body)
    for pledge in _one_each(_pledges(campaign)):
        tell_pledger(pledge, f"result:{campaign.state}", title, body)


def _pledges(campaign: Campaign) -> Iterable[Pledge]:
    rows = Pledge.objects.filter(target__campaign=campaign, state__in=_LIVE)
    return rows.select_related("target__campaign", "user", "organization").order_by("pk")


def _one_each(pledges: Iterable[Pledge]) -> list[Pledge]:
    """The first pledge of each person."""
    found: dict[object, Pledge] = {}
    for one in pledges:
        found.setdefault(one.user_id or one.email, one)
    return list(found.values())


def _result(campaign: Campaign) -> tuple[str, str]:
    if campaign.state == CampaignState.SUCCEEDED:
        took = campaign.days_taken or 1
        return (
            f"La collecte « {campaign.title} » est réussie",
            f"Tout est trouvé en {took} jour{'s' if took > 1 else ''}. Merci !"
            f" {campaign.organizer} vous dira la suite.",
        )
    if campaign.state == CampaignState.CANCELLED:
        return (
            f"La collecte « {campaign.title} » est annulée",
            f"Motif : {campaign.end_reason} Les apports promis ne sont plus attendus.",
        )
    assert campaign.ends_on is not None
    return (
        f"La collecte « {campaign.title} » est terminée",
        f"Elle s’est achevée le {day(campaign.ends_on)} sans tout réunir. {campaign.organizer}"
        " vous dira ce qui est maintenu. Merci de votre apport.",
    )
