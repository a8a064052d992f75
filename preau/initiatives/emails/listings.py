"""What is told about listings, and to whom."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from preau.accounts.audiences import DECIDERS
from preau.accounts.models import User
from preau.core.formats import day
from preau.initiatives.enums.listings import Side
from preau.initiatives.models import Answer, Listing, Signal, Suggestion
from preau.initiatives.queries import moderation
from preau.initiatives.topics.listings import ANSWERS, MATCHES, MINE, TO_READ
from preau.notifications.actions import notify


def page_of(listing: Listing) -> str:
    return reverse("initiatives:listing_manage", args=[listing.key])


def keepers(listing: Listing) -> QuerySet[User]:
    """The person, or those who answer for the organisation."""
    if listing.organization_id is None:
        return _person(listing.author_id)
    return _people_of(listing.organization_id)


def _person(user_id: int | None) -> QuerySet[User]:
    return User.objects.filter(pk__in=[user_id] if user_id else [], is_active=True)


def _people_of(organization_id: int) -> QuerySet[User]:
    return User.objects.filter(
        memberships__organization=organization_id,
        memberships__ended_at=None,
        memberships__role__in=DECIDERS,
        is_active=True,
    ).distinct()


def _answerers(answer: Answer) -> QuerySet[User]:
    if answer.organization_id is not None:
        return _people_of(answer.organization_id)
    return _person(answer.user_id)


def tell_moderators(listing: Listing) -> None:
    notify(
        moderation.moderators(listing),
        topic=TO_READ.key,
        title=f"Une annonce est à vérifier : {listing.title}",
        body=f"{listing.who}, à {listing.commune.name}. Publiez-la, ou retirez-la avec un motif.",
        cause=f"initiatives.listing:{listing.pk}:to_read:{listing.updated_at.isoformat()}",
        url=reverse("initiatives:listing_queue"),
    )


def tell_signal(row: Signal, listing: Listing) -> None:
    notify(
        moderation.moderators(listing),
        topic=TO_READ.key,
        title=f"Une annonce est signalée : {listing.title}",
        body=f"{row.get_reason_display()}. {row.message}".strip(),
        cause=f"initiatives.signal:{row.pk}",
        url=reverse("initiatives:listing_queue"),
    )


def _tell_keepers(listing: Listing, what: str, title: str, body: str) -> int:
    told = notify(
        keepers(listing),
        topic=MINE.key,
        title=f"{title} : {listing.title}",
        body=body,
        cause=f"initiatives.listing:{listing.pk}:{what}",
        url=page_of(listing),
    )
    return len(told)


def tell_published(listing: Listing) -> None:
    assert listing.published_at is not None
    _tell_keepers(
        listing,
        f"published:{listing.published_at.isoformat()}",
        "Votre annonce est publiée",
        "Elle a été vérifiée. Les suivantes paraîtront sans attendre.",
    )


def tell_taken_off(listing: Listing) -> None:
    assert listing.ended_at is not None
    _tell_keepers(
        listing,
        f"taken_off:{listing.ended_at.isoformat()}",
        "Votre annonce est retirée",
        f"Motif : {listing.removal_reason} Vous pouvez la reprendre et la corriger.",
    )


def tell_expired(listing: Listing) -> None:
    _tell_keepers(
        listing,
        f"expired:{listing.valid_until}",
        "Votre annonce a expiré",
        "Elle n’est plus montrée. Prolongez-la si elle tient toujours.",
    )


def tell_expires_soon(listing: Listing) -> int:
    assert listing.valid_until is not None
    return _tell_keepers(
        listing,
        f"expires:{listing.valid_until}",
        f"Votre annonce expire le {day(listing.valid_until, year=False)}",
        "Prolongez-la si elle tient toujours. Sinon, ne faites rien.",
    )


def tell_message(answer: Answer, message_id: int, *, from_listing_side: bool) -> None:
    """The other side of a conversation; no address is in it."""
    listing = answer.listing
    people = _answerers(answer) if from_listing_side else keepers(listing)
    notify(
        people,
        topic=ANSWERS.key,
        title=f"Nouveau message au sujet de l’annonce « {listing.title} »",
        body="Répondez sur Préau : vos adresses ne sont pas montrées.",
        cause=f"initiatives.answer:{answer.pk}:{message_id}",
        url=reverse("initiatives:listing_answer", args=[answer.pk]),
    )


def tell_match(suggestion: Suggestion) -> None:
    """Both sides, each with the other's listing."""
    for mine, other in (
        (suggestion.offer, suggestion.need),
        (suggestion.need, suggestion.offer),
    ):
        what = "Une offre répond à" if mine.side == Side.NEED else "Quelqu’un a besoin de"
        notify(
            keepers(mine),
            topic=MATCHES.key,
            title=f"{what} votre annonce « {mine.title} »",
            body=f"« {other.title} », {other.commune.name}. {suggestion.reasons[0]}.",
            cause=f"initiatives.suggestion:{suggestion.pk}:{mine.side}",
            url=page_of(mine),
        )
