"""Neighbours' support: given signed in, or confirmed by a link; taken back; erased a year on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.initiatives.emails import kits as emails
from preau.initiatives.enums.kits import SupportState, WordsState
from preau.initiatives.models import KitUse, Support
from preau.territories.models import Commune

KEPT = timedelta(days=365)
#: An address that nobody confirmed.
UNCONFIRMED = timedelta(days=7)
BATCH = 1000


@transaction.atomic
def give(
    use: KitUse, *, first_name: str, commune: Commune, email: str, words: str = "", actor: Actor
) -> Support:
    """A support, that counts at once for whoever is signed in; else once its letter is answered.

    The same address twice is one support: the letter leaves again, and nothing is said of it.

    Raises:
        Refusal: the page is closed ("closed"), or it is theirs already ("twice").
    """
    use = KitUse.objects.select_for_update().get(pk=use.pk)
    if not use.support_open:
        raise Refusal("Ce projet ne recueille plus de soutiens.", code="closed")
    if actor.user is not None:
        email = actor.user.email
    email, words = email.strip().lower(), words.strip()[:400]
    there = use.supports.filter(email__iexact=email).first()
    if there is not None:
        return _again(there, actor, _given(first_name, commune, words))
    signed_in = actor.user is not None
    support = Support(
        use=use,
        user=actor.user,
        email=email,
        **_given(first_name, commune, words),
        state=SupportState.GIVEN if signed_in else SupportState.PENDING,
        given_at=clock.now() if signed_in else None,
    )
    try:
        with transaction.atomic():
            support.save()
    except IntegrityError:
        there = use.supports.get(email__iexact=email)
        return _again(there, actor, _given(first_name, commune, words))
    audit.record(actor, "initiatives.give_support", support)
    (emails.supported if signed_in else emails.confirm)(support)
    return support


def _given(first_name: str, commune: Commune, words: str) -> dict[str, Any]:
    return {
        "first_name": first_name.strip()[:60],
        "commune": commune,
        "words": words,
        "words_state": WordsState.WAITING if words else WordsState.NONE,
    }


def _again(there: Support, actor: Actor, given: dict[str, Any]) -> Support:
    if actor.user is not None and there.state == SupportState.GIVEN:
        raise Refusal("Vous soutenez déjà ce projet. Merci !", code="twice")
    if actor.user is not None:  # begun signed out, by them or another: what they say now holds
        there.user = actor.user
        for name, value in given.items():
            setattr(there, name, value)
        there.save(update_fields=["user", *given])
        return confirm(there)
    emails.confirm(there)
    return there


@transaction.atomic
def confirm(support: Support) -> Support:
    """By the link of the letter; twice is once."""
    support = Support.objects.select_for_update(of=("self",)).select_related(
        "use__project", "commune"
    ).get(pk=support.pk)  # fmt: skip
    if support.state == SupportState.PENDING:
        support.state, support.given_at = SupportState.GIVEN, clock.now()
        support.save(update_fields=["state", "given_at"])
        audit.record(SYSTEM, "initiatives.confirm_support", support)
        emails.supported(support)
    return support


@transaction.atomic
def take_back(support: Support) -> None:
    """Nothing of it is kept. Called for whoever holds its link, or is signed in as its author."""
    audit.record(SYSTEM, "initiatives.take_back_support", support)
    support.delete()


def erase_old() -> int:
    """A year after, or a week without an answer; the count of those given stays on the kit."""
    now = clock.now()
    erased = 0
    with transaction.atomic():
        old = Support.objects.select_for_update(skip_locked=True).filter(
            state=SupportState.GIVEN, created_at__lt=now - KEPT
        )
        keys = list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])
        given = Support.objects.filter(pk__in=keys)
        for row in given.values("use").annotate(number=Count("pk")).order_by():
            KitUse.objects.filter(pk=row["use"]).update(
                past_supports=F("past_supports") + row["number"]
            )
        erased += given.delete()[0]
        never = Support.objects.filter(state=SupportState.PENDING, created_at__lt=now - UNCONFIRMED)
        erased += never.delete()[0]
    return erased
