"""What named somebody is emptied: their account closed, or a year after the thing is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.dispatch import receiver

from preau.accounts.events import account_closed
from preau.accounts.models import User
from preau.core import clock
from preau.initiatives.enums.calls import CallState, SubmissionState
from preau.initiatives.enums.campaigns import PledgeState
from preau.initiatives.enums.kits import SupportState
from preau.initiatives.enums.listings import ListingState
from preau.initiatives.models import (
    Flow,
    KitUse,
    Listing,
    Pledge,
    Reviewer,
    Submission,
    Support,
    WorkshopGuest,
)

#: How long addresses are kept once a workshop was held, a call decided.
KEPT = timedelta(days=365)
#: Rows of one night and one kind.
BATCH = 1000

_LIVE = [ListingState.DRAFT, ListingState.REVIEW, ListingState.PUBLISHED, ListingState.EXPIRED]


@receiver(account_closed, dispatch_uid="initiatives.personal_data")
def forget_person(sender: Any, *, user: User, **more: Any) -> None:
    """Whatever names them, by their account or by its address."""
    _forget_listings(user)
    _forget_pledges(user)
    _forget_supports(user)
    _forget_answers(user)
    _forget_seats(user)
    WorkshopGuest.objects.filter(email__iexact=user.email).update(email="", name="")


def _forget_listings(user: User) -> None:
    """Their own are withdrawn and say nothing more; those of organisations stay."""
    theirs = Listing.objects.filter(author=user, organization=None)
    named = Flow.objects.filter(listing__in=theirs)
    named.filter(listing__side="offre").update(donor_name="Une personne")
    named.filter(listing__side="besoin").update(receiver_name="Une personne")
    theirs.filter(state__in=_LIVE).update(
        state=ListingState.WITHDRAWN, ended_at=clock.now(), valid_until=None
    )
    theirs.update(
        title="Annonce d’un compte fermé",
        text="Compte fermé.",
        quantity="",
        when="",
        file=None,
        thumbnail=None,
        alternative_text="",
    )


def _forget_pledges(user: User) -> None:
    """Of an organisation, the promise stays: its own name is what is read."""
    own = Pledge.objects.filter(user=user) | Pledge.objects.filter(email__iexact=user.email)
    own.filter(state=PledgeState.UNCONFIRMED).delete()
    own.filter(organization=None).update(name="", email="", message="", show_name=False)
    own.exclude(organization=None).update(name="", email="", message="")


def _forget_supports(user: User) -> None:
    """They counted and still do; first name, commune and words are gone."""
    theirs = Support.objects.filter(Q(user=user) | Q(email__iexact=user.email))
    given = theirs.filter(state=SupportState.GIVEN)
    for row in given.values("use").annotate(number=Count("pk")).order_by():
        KitUse.objects.filter(pk=row["use"]).update(
            past_supports=F("past_supports") + row["number"]
        )
    theirs.delete()


def _forget_answers(user: User) -> None:
    """What was never sent is erased; what was is the organisers', without the telephone."""
    theirs = Submission.objects.filter(user=user)
    theirs.filter(state=SubmissionState.DRAFT, organization=None).delete()
    theirs.update(phone="")


def _forget_seats(user: User) -> None:
    """They leave the juries they are of; what they sent counts."""
    Reviewer.objects.filter(user=None, email__iexact=user.email).delete()
    theirs = Reviewer.objects.filter(user=user)
    at_work = theirs.exclude(call__state__in=[CallState.DECIDED, CallState.ARCHIVED])
    at_work.filter(removed_at=None).update(removed_at=clock.now())
    theirs.update(email="")


# --- A year after


def forget_old() -> int:
    """Addresses, names, telephones of what has been over for a year; how many rows. Twice is once.

    Campaigns and supports have their own rule (`campaigns.forget_addresses`,
    `supports.erase_old`).
    """
    before = clock.now() - KEPT
    guests = WorkshopGuest.objects.filter(workshop__ends_at__lt=before).exclude(email="", name="")
    over = Q(call__decided_at__lt=before) | Q(call__decided_at=None, call__closes_at__lt=before)
    seats = Reviewer.objects.filter(over, user__isnull=False).exclude(email="")
    invited = Reviewer.objects.filter(over, user=None)
    answers = Submission.objects.filter(over).exclude(phone="")
    with transaction.atomic():
        return (
            guests.filter(pk__in=_some(guests)).update(email="", name="")
            + seats.filter(pk__in=_some(seats)).update(email="")
            + invited.filter(pk__in=_some(invited)).delete()[0]
            + answers.filter(pk__in=_some(answers)).update(phone="")
        )


def _some(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
