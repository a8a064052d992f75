"""A network made, places invited into it, their rules, their members, the visits noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.booking.approvers import people_for
from preau.booking.enums import Approver
from preau.charters import perms
from preau.charters.entitlement import verdict
from preau.charters.enums import NetworkPlaceState, PriceRule
from preau.charters.models import Network, NetworkPlace, Passage, PlaceMember
from preau.charters.topics import CHARTERS
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.notifications import links
from preau.notifications.actions import enqueue_email, notify
from preau.notifications.emails import compose
from preau.places.models import Place

INVITATION = "place-member"
DAYS_TO_ACCEPT = 30
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """How a place receives the members of the others."""

    weekdays: list[int]
    start_minute: int
    end_minute: int
    price_cents: int = 0
    visits_per_month: int | None = None
    note: str = ""


@transaction.atomic
def create(name: str, purpose: str, *, actor: Actor) -> Network:
    if not perms.may_create(actor) or actor.organization is None:
        raise Forbidden(perms.NOT_YOURS)
    network = Network(keeper=actor.organization, name=name.strip(), purpose=purpose.strip())
    try:
        with transaction.atomic():
            network.save()
    except IntegrityError as error:
        raise Refusal(
            "Un réseau de votre structure porte déjà ce nom.", field="name", code="name_taken"
        ) from error
    audit.record(actor, "network.create", network)
    return network


@transaction.atomic
def invite_place(network: Network, place: Place, *, actor: Actor) -> NetworkPlace:
    """Ask a published place in; its own people decide, and set their rule.

    Raises:
        Refusal: it is in already, or not published.
    """
    perms.require(actor, "network.keep", network)
    if not place.is_public or network.closed_at is not None:
        raise Refusal("Choisissez un lieu publié, dans un réseau ouvert.", field="place")
    try:
        with transaction.atomic():
            seat = NetworkPlace.objects.create(network=network, place=place)
    except IntegrityError as error:
        raise Refusal(
            "Ce lieu est déjà dans le réseau, ou invité.", field="place", code="already"
        ) from error
    audit.record(actor, "network.invite", seat)
    notify(
        people_for(Approver.ANY, place),
        topic=CHARTERS.key,
        title=f"{network.keeper} invite {place} dans le réseau « {network} »",
        body="Vous choisissez les jours, les heures et le prix auxquels vous accueillez les"
        " membres des autres lieux.",
        cause=f"network-place:{seat.pk}:invited",
        url=f"/reseaux/lieux/{seat.key}/",
    )
    return seat


@transaction.atomic
def welcome(seat: NetworkPlace, rule: Welcome, *, actor: Actor) -> NetworkPlace:
    """Come in, or change the rule; said by the place's own people.

    Raises:
        Refusal: no day, hours out of order, a place that has left.
    """
    perms.require(actor, "network.answer", seat)
    seat = _locked(seat)
    if seat.state == NetworkPlaceState.LEFT:
        raise Refusal("Ce lieu est sorti du réseau : il faut une nouvelle invitation.", code="left")
    if not rule.weekdays:
        raise Refusal("Cochez au moins un jour d’accueil.", field="weekdays", code="no_day")
    if not 0 <= rule.start_minute < rule.end_minute <= 1440:
        raise Refusal("L’heure de fin est après l’heure de début.", field="end", code="hours")
    seat.weekdays = sorted(set(rule.weekdays))
    seat.start_minute, seat.end_minute = rule.start_minute, rule.end_minute
    seat.price = PriceRule.FIXED if rule.price_cents else PriceRule.FREE
    seat.price_cents, seat.visits_per_month = rule.price_cents, rule.visits_per_month
    seat.note = rule.note.strip()
    seat.state = NetworkPlaceState.ACTIVE
    seat.joined_on = seat.joined_on or clock.today(seat.place.zone)
    seat.save()
    audit.record(actor, "network.welcome", seat)
    return seat


@transaction.atomic
def leave(seat: NetworkPlace, *, actor: Actor) -> NetworkPlace:
    """The place goes, or declines; or the keeper takes it out."""
    if not allowed(actor, "network.keep", seat.network):
        perms.require(actor, "network.answer", seat)
    seat = _locked(seat)
    if seat.state != NetworkPlaceState.LEFT:
        seat.state, seat.left_on = NetworkPlaceState.LEFT, clock.today(seat.place.zone)
        seat.save(update_fields=["state", "left_on"])
        audit.record(actor, "network.leave", seat)
    return seat


@transaction.atomic
def invite_member(place: Place, email: str, until: date, *, actor: Actor) -> PlaceMember:
    """Ask somebody to be known as a member; a link by e-mail, which they accept.

    Raises:
        Refusal: they are one already, or the end is past or beyond a year.
    """
    perms.require(actor, "network.members", place)
    today = clock.today(place.zone)
    if not today <= until <= today + LONGEST:
        raise Refusal("Choisissez une fin dans l’année qui vient.", field="until", code="until")
    stale = Q(until__lt=today) | Q(
        accepted_at=None, invited_at__lt=clock.now() - timedelta(days=DAYS_TO_ACCEPT)
    )
    former = PlaceMember.objects.filter(stale, place=place, email=email.strip().lower())
    former.filter(ended_on=None).update(ended_on=today)  # a renewal is a card of its own
    try:
        with transaction.atomic():
            member = PlaceMember.objects.create(
                place=place, email=email.strip().lower(), until=until
            )
    except IntegrityError as error:
        raise Refusal(
            "Cette personne est déjà membre, ou invitée.", field="email", code="already"
        ) from error
    audit.record(actor, "network.invite_member", place)
    _write_to(member)
    return member


@transaction.atomic
def accept_member(member: PlaceMember, *, actor: Actor) -> PlaceMember:
    """The person takes their card, from the account of the address that was written to.

    Raises:
        Refusal: another account, or it was taken back.
    """
    member = PlaceMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if actor.user is None or actor.user.email.lower() != member.email:
        raise Refusal(
            f"Cette invitation a été envoyée à {member.email} : connectez-vous avec cette adresse.",
            code="whose",
        )
    if member.ended_on is not None:
        raise Refusal("Le lieu a retiré cette invitation.", code="over")
    if member.accepted_at is None:
        member.user, member.accepted_at = actor.user, clock.now()
        member.save(update_fields=["user", "accepted_at"])
        audit.record(actor, "network.accept_member", member.place)
    return member


@transaction.atomic
def end_member(member: PlaceMember, *, actor: Actor) -> PlaceMember:
    """By the place or by the member: the card is worth nothing from now on."""
    if member.user_id is None or member.user_id != actor.user_id:
        perms.require(actor, "network.members", member.place)
    member = PlaceMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.ended_on is None:
        member.ended_on = clock.today(member.place.zone)
        member.save(update_fields=["ended_on"])
        audit.record(actor, "network.end_member", member.place)
    return member


@transaction.atomic
def note_passage(member: PlaceMember, host: NetworkPlace, *, actor: Actor) -> Passage:
    """Write that they came: once a day, however often it is pressed.

    Raises:
        Refusal: they are not welcome now; the reasons are said.
    """
    perms.require(actor, "network.welcome", host.place)
    PlaceMember.objects.select_for_update(of=("self",)).get(pk=member.pk)  # visits of a month
    found = verdict(member, host, clock.now())
    if not found.is_welcome:
        raise Refusal(" ".join(found.reasons), code="not_welcome")
    passage, made = Passage.objects.get_or_create(
        member=member,
        host=host,
        day=clock.today(host.place.zone),
        defaults={"noted_by": actor.user},
    )
    if made:
        audit.record(actor, "network.passage", host)
    return passage


def _write_to(member: PlaceMember) -> None:
    token = links.sign(INVITATION, {"member": member.pk}, days=DAYS_TO_ACCEPT)
    text, html = compose(
        facts=[("Lieu", str(member.place))],
        intro=f"{member.place} vous compte parmi ses membres. Acceptez pour recevoir votre carte :"
        " les autres lieux du réseau vous accueillent sur sa présentation.",
        button_label="Voir l’invitation",
        button_url=f"/reseaux/invitation/{token}/",
        next_steps="Si vous n’êtes pas concerné, ne faites rien : l’invitation s’éteint seule.",
    )
    enqueue_email(
        cause=f"place-member:{member.pk}",
        recipient=member.email,
        subject=f"Votre carte de membre de {member.place}",
        text=text,
        html=html,
    )


def _locked(seat: NetworkPlace) -> NetworkPlace:
    rows = NetworkPlace.objects.select_for_update(of=("self",))
    return rows.select_related("place", "network").get(pk=seat.pk)
