"""Telling what was made in a place or by a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import audit, clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.models import Sheet
from preau.documents import images
from preau.initiatives.actions.listing_states import check
from preau.initiatives.emails import stories as emails
from preau.initiatives.enums.listings import SignalReason
from preau.initiatives.enums.stories import Consent, StoryState
from preau.initiatives.models import Signal, Story, StoryPhoto
from preau.projects.models import Project

_S = StoryState
MOST_PHOTOS = 12
MOST_RESULTS = 4
MOST_SIGNALS = 20
WRITTEN = ("title", "summary", "text", "authors", "results")


def require(actor: Actor, subject: Story | Sheet | Project) -> None:
    """
    Raises:
        Forbidden: they neither answer for the place nor carry the project.
    """
    if not allowed(actor, "story.write", subject):
        raise Forbidden("Ce récit n’est pas le vôtre, ou ne l’est plus.")


def locked(story: Story) -> Story:
    rows = Story.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("sheet", "project", "commune", "created_by").get(pk=story.pk)


@transaction.atomic
def begin(subject: Sheet | Project, *, actor: Actor, **given: Any) -> Story:
    """Begin a story of a place of the directory, or of a project.

    Raises:
        Refusal: the place is not public, or the project has no commune yet.
    """
    require(actor, subject)
    if isinstance(subject, Sheet):
        if not subject.is_public:
            raise Refusal("Ce lieu n’est pas publié : publiez d’abord sa fiche.")
        story = Story(sheet=subject, commune=subject.commune)
    else:
        if subject.lead_commune is None:
            raise Refusal("Ce projet n’a pas encore de commune.")
        story = Story(project=subject, commune=subject.lead_commune)
    story.created_by = actor.user
    _write(story, given)
    audit.record(actor, "story.begin", story)
    return story


def _write(story: Story, given: Mapping[str, Any]) -> None:
    for name in WRITTEN:
        if name in given:
            setattr(story, name, given[name])
    story.results = [
        [figure.strip()[:40], words.strip()[:160]]
        for figure, words in story.results[:MOST_RESULTS]
        if figure.strip() and words.strip()
    ]
    story.updated_at = clock.now()
    check(story)
    story.save()


@transaction.atomic
def edit(story: Story, given: Mapping[str, Any], *, actor: Actor) -> Story:
    """
    Raises:
        Refusal: withdrawn: it is taken up first.
    """
    require(actor, story)
    story = locked(story)
    if story.state == _S.WITHDRAWN:
        raise Refusal("Ce récit est retiré : reprenez-le d’abord.", code="state")
    _write(story, given)
    audit.record(actor, "story.edit", story)
    return story


@transaction.atomic
def add_photo(
    story: Story,
    upload: File[bytes],
    *,
    alternative_text: str,
    people: Consent | str,
    credit: str = "",
    actor: Actor,
) -> StoryPhoto:
    """Keep a picture, described, once whoever sends it says that nobody on it objects.

    Raises:
        Refusal: no picture, no description, nothing said of the people, or too many.
    """
    require(actor, story)
    story = locked(story)
    if story.photos.count() >= MOST_PHOTOS:
        raise Refusal(f"Un récit a {MOST_PHOTOS} photos au plus : retirez-en une.")
    if people not in Consent.values:
        raise Refusal("Dites si des personnes sont reconnaissables.", field="people")
    picture = images.keep(upload, actor=actor)
    photo = StoryPhoto(
        story=story,
        file=picture.full,
        thumbnail=picture.thumbnail,
        alternative_text=alternative_text.strip(),
        credit=credit.strip(),
        people=people,
        position=(story.photos.aggregate(last=Max("position"))["last"] or 0) + 1,
        added_by=actor.user,
    )
    check(photo)
    photo.save()
    audit.record(actor, "story.photo", story, photo=photo.pk, people=str(people))
    return photo


@transaction.atomic
def remove_photo(photo: StoryPhoto, *, actor: Actor) -> None:
    require(actor, photo.story)
    audit.record(actor, "story.photo_remove", photo.story, photo=photo.pk)
    photo.delete()


def missing_of(story: Story) -> list[str]:
    words = {"summary": "la phrase qui le résume", "text": "le récit", "authors": "qui le signe"}
    return [said for name, said in words.items() if not getattr(story, name).strip()]


@transaction.atomic
def publish(story: Story, *, actor: Actor) -> Story:
    """Show it. Of one that the operator took off, its authors only ask: it stays a draft until an
    operator has read it.

    Raises:
        Refusal: it lacks something.
    """
    story = locked(story)
    taken_off = story.withdrawn_by_operator
    may_read_again = taken_off and allowed(actor, "story.take_off", story)
    if not may_read_again:
        require(actor, story)
    if story.state != _S.DRAFT:
        raise Refusal("Ce récit n’est plus un brouillon.", code="state")
    missing = missing_of(story)
    if missing:
        raise Refusal(f"Il manque encore : {', '.join(missing)}.", code="incomplete")
    if taken_off and not may_read_again:
        audit.record(actor, "story.ask_again", story)
        emails.ask_again(story)
        return story
    story.state, story.published_at = _S.PUBLISHED, clock.now()
    story.withdrawn_by_operator, story.withdrawal_reason = False, ""
    check(story)
    story.save()
    audit.record(actor, "story.publish", story)
    if taken_off:
        emails.tell_back(story)
    return story


@transaction.atomic
def withdraw(story: Story, *, actor: Actor) -> Story:
    """Its authors take it off."""
    require(actor, story)
    return _take_off(story, "", actor, by_operator=False)


@transaction.atomic
def take_off(story: Story, reason: str, *, actor: Actor) -> Story:
    """The operator takes it off, and says why.

    Raises:
        Refusal: no reason, or it is not published.
    """
    if not allowed(actor, "story.take_off", story):
        raise Forbidden
    reason = reason.strip()[:1000]
    if not reason:
        raise Refusal("Écrivez le motif : les auteurs le liront.", field="reason")
    story = _take_off(story, reason, actor, by_operator=True)
    emails.tell_taken_off(story)
    return story


def _take_off(story: Story, reason: str, actor: Actor, *, by_operator: bool) -> Story:
    story = locked(story)
    if story.state != _S.PUBLISHED:
        raise Refusal("Ce récit n’est pas publié.", code="state")
    story.state, story.withdrawn_at = _S.WITHDRAWN, clock.now()
    story.withdrawn_by_operator, story.withdrawal_reason = by_operator, reason
    check(story)
    story.save()
    story.signals.filter(closed_at=None).update(closed_at=clock.now(), closed_by=actor.user)
    audit.record(actor, "story.take_off", story, reason=reason)
    return story


@transaction.atomic
def take_up(story: Story, *, actor: Actor) -> Story:
    """Back to a draft; what the operator wrote stays to be read until it is published anew."""
    require(actor, story)
    story = locked(story)
    if story.state == _S.DRAFT:
        return story
    story.state, story.withdrawn_at = _S.DRAFT, None
    check(story)
    story.save()
    audit.record(actor, "story.take_up", story)
    return story


@transaction.atomic
def signal(story: Story, reason: SignalReason | str, message: str = "", *, actor: Actor) -> Signal:
    """A reader says that it is wrong: the operators are told.

    Raises:
        Refusal: it is signalled enough already.
    """
    if not allowed(actor, "story.signal", story):
        raise Forbidden
    if story.signals.filter(closed_at=None).count() >= MOST_SIGNALS:
        raise Refusal("Ce récit a déjà été signalé : il va être relu. Merci.")
    row = Signal.objects.create(
        story=story,
        reason=SignalReason(reason),
        message=message.strip()[:1000],
        user=actor.user,
    )
    audit.record(actor, "story.signal", story, reason=row.reason)
    emails.tell_signal(row, story)
    return row


@transaction.atomic
def close_signals(story: Story, *, actor: Actor) -> int:
    """The operator has read it, and it stays."""
    if not allowed(actor, "story.take_off", story):
        raise Forbidden
    closed = story.signals.filter(closed_at=None).update(
        closed_at=clock.now(), closed_by=actor.user
    )
    audit.record(actor, "story.signals_close", story, count=closed)
    return closed
