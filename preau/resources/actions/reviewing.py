"""From a draft to what everybody reads, and back."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.perms import require_verified
from preau.core import clock
from preau.core.errors import Refusal
from preau.notifications.actions import notify
from preau.resources import history, people, perms
from preau.resources.actions.saving import go, locked, save
from preau.resources.days import today
from preau.resources.enums import EntryKind, ResourceState, Source
from preau.resources.models import Resource
from preau.resources.topics import MINE, TO_REVIEW


def page_of(resource: Resource) -> str:
    return reverse("resources:manage", args=[resource.pk])


@transaction.atomic
def submit(resource: Resource, *, actor: Actor) -> Resource:
    """Ask somebody else to read the draft.

    Raises:
        Refusal: it lacks something, or its organisation is not verified.
    """
    perms.require(actor, "resource.write", resource)
    require_verified(actor)
    resource = locked(resource)
    missing = missing_of(resource)
    if missing:
        raise Refusal(f"Il manque encore : {', '.join(missing)}.", code="incomplete")
    go(resource, ResourceState.REVIEW)
    resource.submitted_by, resource.submitted_at = actor.user, clock.now()
    resource.reviewed_by = None
    save(resource)
    entry = history.record(actor, EntryKind.SUBMITTED, resource)
    notify(
        people.readers_of(resource),
        topic=TO_REVIEW.key,
        title=f"Une fiche est à relire : {resource.title}",
        body="Relisez-la, puis publiez-la ou renvoyez-la avec un motif.",
        cause=f"resources.entry:{entry.pk}",
        url=page_of(resource),
    )
    return resource


#: What a record needs before somebody reads it, in the words of the form.
_NEEDED = {
    "summary": "la phrase qui la résume",
    "provider_name": "l’organisme qui la propose",
    "themes": "au moins un thème",
    "blockage_kinds": "les blocages qu’elle aide à lever",
    "areas": "le territoire",
    "expires_on": "la date jusqu’à laquelle elle est à jour",
}


def missing_of(resource: Resource) -> list[str]:
    """What is still to be written before it can be submitted, in words."""
    missing = [words for name, words in _NEEDED.items() if not getattr(resource, name)]
    if resource.expires_on and resource.expires_on < today():
        missing.append("une date de validité à venir")
    return missing


@transaction.atomic
def accept(resource: Resource, *, actor: Actor) -> Resource:
    """Publish what one has read.

    Raises:
        Refusal: one wrote it, or somebody answered before.
    """
    perms.require(actor, "resource.review", resource)
    resource = locked(resource)
    _require_reading(resource)
    _require_another(actor, resource)
    go(resource, ResourceState.PUBLISHED)
    resource.reviewed_by = actor.user
    resource.published_at = clock.now()
    resource.verified_on = today()
    save(resource)
    entry = history.record(actor, EntryKind.ACCEPTED, resource)
    _answer(resource, f"Votre fiche est publiée : {resource.title}", "", entry.pk, actor)
    return resource


@transaction.atomic
def send_back(resource: Resource, reason: str, *, actor: Actor) -> Resource:
    """Give the draft back to its author, saying why.

    Raises:
        Refusal: no reason, or somebody answered before.
    """
    perms.require(actor, "resource.review", resource)
    reason = _reason(reason)
    resource = locked(resource)
    _require_reading(resource)
    _require_another(actor, resource)
    go(resource, ResourceState.DRAFT)
    _forget_reading(resource)
    save(resource)
    entry = history.record(actor, EntryKind.RETURNED, resource, reason=reason)
    title = f"Votre fiche est à reprendre : {resource.title}"
    _answer(resource, title, reason, entry.pk, actor)
    return resource


@transaction.atomic
def reopen(resource: Resource, *, actor: Actor) -> Resource:
    """Take a record back in draft to change it: readers no longer see it until it is read."""
    perms.require(actor, "resource.write", resource)
    resource = locked(resource)
    go(resource, ResourceState.DRAFT)
    _forget_reading(resource)
    if resource.source == Source.PREAU:
        resource.source = Source.SITE
    save(resource)
    history.record(actor, EntryKind.REOPENED, resource)
    return resource


@transaction.atomic
def archive(resource: Resource, reason: str, *, actor: Actor) -> Resource:
    """Withdraw a record for good: nobody is offered it any more."""
    perms.require(actor, "resource.write", resource)
    reason = _reason(reason)
    resource = locked(resource)
    go(resource, ResourceState.ARCHIVED)
    save(resource)
    history.record(actor, EntryKind.ARCHIVED, resource, reason=reason)
    return resource


def _require_reading(resource: Resource) -> None:
    if resource.state != ResourceState.REVIEW:
        raise Refusal(
            f"Quelqu’un a déjà répondu : cette fiche est « {resource.get_state_display()} ».",
            code="state",
        )


def _require_another(actor: Actor, resource: Resource) -> None:
    if not perms.may_review(actor, resource):
        raise Refusal(
            "Vous avez écrit ou soumis cette fiche : une autre personne la relit.", code="author"
        )


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal("Écrivez pourquoi : la personne qui l’a écrite le lira.", field="reason")
    if len(text) > 1000:
        raise Refusal("Écrivez au plus 1 000 caractères.", field="reason")
    return text


def _forget_reading(resource: Resource) -> None:
    resource.submitted_by = resource.submitted_at = resource.reviewed_by = None


def _answer(resource: Resource, title: str, reason: str, number: int, actor: Actor) -> None:
    notify(
        [one for one in people.keepers_and_author(resource) if one.pk != actor.user_id],
        topic=MINE.key,
        title=title,
        body=reason,
        cause=f"resources.entry:{number}",
        url=page_of(resource),
    )
