"""Calls for initiatives: drafting, what they ask, their jury, each change of state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from django.db import IntegrityError, transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.models import Organization, User
from preau.accounts.perms import require_verified
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.initiatives.actions import answer_files, jury_seats
from preau.initiatives.emails import calls as emails
from preau.initiatives.enums.calls import (
    CALL_TRANSITIONS,
    CallQuestionKind,
    CallState,
    ReviewerRole,
    SubmissionState,
)
from preau.initiatives.models import CallForInitiatives, CallQuestion, Criterion, Reviewer
from preau.initiatives.perms.calls import require, require_keeper
from preau.initiatives.publishing import JURY_BEFORE_CLOSING, is_jury_early, lacks_of
from preau.initiatives.where import instant, known_area, zone_of
from preau.places.models import Space

MOST_QUESTIONS, MOST_CRITERIA, MOST_REVIEWERS = 30, 10, 20


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What a call says, as its form gives it; moments without a zone are of its territory."""

    title: str
    brief: str
    area_key: str
    themes: Sequence[str] = ()
    offered: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    announces_winners: bool = False
    review_until: date | None = None
    spaces: Iterable[Space] = field(default=())


@transaction.atomic
def draft_call(
    organization: Organization,
    *,
    title: str,
    brief: str,
    area_key: str,
    because: str = "",
    actor: Actor,
) -> CallForInitiatives:
    """A new draft, from nothing or from what a study found (`because`).

    Raises:
        Forbidden: they do not manage this public organisation.
        Refusal: no title ("title"), no such territory ("area_key").
    """
    if not actor.is_system:
        require_keeper(actor)
        require(actor, "call.manage", organization)
    call = CallForInitiatives(organization=organization)
    where = known_area(area_key)
    call.title, call.brief = _titled(title), brief.strip()
    call.area_key, call.area_name = where.key, where.name[:120]
    call.because = because.strip()[:2000]
    call.time_zone = zone_of(where, organization)
    call.created_by = actor.user
    call.save()
    audit.record(actor, "initiatives.draft_call", call)
    return call


def _titled(title: str) -> str:
    title = title.strip()[:160]
    if not title:
        raise Refusal("Donnez un titre à l’appel.", field="title", code="title")
    return title


def lock(call: CallForInitiatives) -> CallForInitiatives:
    """The call as it is now, held until the end of the transaction."""
    return CallForInitiatives.objects.select_for_update(of=("self",)).select_related(
        "organization__commune"
    ).get(pk=call.pk)  # fmt: skip


def _draft(call: CallForInitiatives, actor: Actor) -> CallForInitiatives:
    require(actor, "call.manage", call)
    call = lock(call)
    if call.state != CallState.DRAFT:
        raise Refusal(
            "Cet appel est publié : ce qu’il demande ne change plus, des réponses s’écrivent déjà.",
            code="published",
        )
    return call


@transaction.atomic
def edit_call(call: CallForInitiatives, facts: CallFacts, *, actor: Actor) -> CallForInitiatives:
    """Change a draft. Once published only the closing day moves (`postpone`)."""
    call = _draft(call, actor)
    call.title, call.brief, call.offered = _titled(facts.title), facts.brief, facts.offered
    where = known_area(facts.area_key)
    call.area_key, call.area_name = where.key, where.name[:120]
    call.themes, call.time_zone = list(facts.themes), zone_of(where, call.organization)
    call.opens_at = instant(facts.opens_at, call.time_zone)
    call.closes_at = instant(facts.closes_at, call.time_zone)
    if call.opens_at and call.closes_at and call.closes_at <= call.opens_at:
        raise Refusal("L’appel ferme après avoir ouvert.", field="closes_on", code="dates")
    call.announces_winners, call.review_until = facts.announces_winners, facts.review_until
    if is_jury_early(call):
        raise Refusal(JURY_BEFORE_CLOSING, field="review_until", code="dates")
    call.save()
    call.spaces.set(facts.spaces)
    audit.record(actor, "initiatives.edit_call", call)
    return call


# --- What it asks, and how it judges


@transaction.atomic
def add_question(
    call: CallForInitiatives,
    *,
    kind: str,
    label: str,
    hint: str = "",
    choices: Sequence[str] = (),
    required: bool = True,
    actor: Actor,
) -> CallQuestion:
    call = _draft(call, actor)
    there = call.questions.count()
    if there >= MOST_QUESTIONS:
        raise Refusal(f"Un appel pose au plus {MOST_QUESTIONS} questions.", code="too_many")
    choices = [one.strip()[:120] for one in choices if one.strip()]
    if kind == CallQuestionKind.CHOICE and len(set(choices)) < 2:
        raise Refusal(
            "Écrivez au moins deux réponses possibles, une par ligne.", field="choices", code="few"
        )
    made = CallQuestion.objects.create(
        call=call,
        position=there,
        kind=CallQuestionKind(kind),
        label=label.strip(),
        hint=hint.strip(),
        choices=list(dict.fromkeys(choices)) if kind == CallQuestionKind.CHOICE else [],
        required=required,
    )
    audit.record(actor, "initiatives.add_question", call, question=made.pk)
    return made


@transaction.atomic
def remove_question(question: CallQuestion, *, actor: Actor) -> None:
    call = _draft(question.call, actor)
    audit.record(actor, "initiatives.remove_question", call, question=question.pk)
    question.delete()


@transaction.atomic
def raise_question(question: CallQuestion, *, actor: Actor) -> None:
    """One place up."""
    call = _draft(question.call, actor)
    ordered = list(call.questions.all())
    rank = next((n for n, one in enumerate(ordered) if one.pk == question.pk), 0)
    if rank:
        ordered[rank - 1], ordered[rank] = ordered[rank], ordered[rank - 1]
    for position, one in enumerate(ordered):
        one.position = position
    CallQuestion.objects.bulk_update(ordered, ["position"])
    audit.record(actor, "initiatives.move_question", call, question=question.pk)


@transaction.atomic
def add_criterion(
    call: CallForInitiatives, *, title: str, weight: int, hint: str = "", actor: Actor
) -> Criterion:
    call = _draft(call, actor)
    there = call.criteria.count()
    if there >= MOST_CRITERIA:
        raise Refusal(f"Un appel a au plus {MOST_CRITERIA} critères.", code="too_many")
    made = Criterion.objects.create(
        call=call, position=there, title=title.strip(), hint=hint.strip(), weight=weight
    )
    audit.record(actor, "initiatives.add_criterion", call, criterion=made.pk)
    return made


@transaction.atomic
def remove_criterion(criterion: Criterion, *, actor: Actor) -> None:
    call = _draft(criterion.call, actor)
    audit.record(actor, "initiatives.remove_criterion", call, criterion=criterion.pk)
    criterion.delete()


# --- Its jury


@transaction.atomic
def invite_reviewer(call: CallForInitiatives, *, email: str, role: str, actor: Actor) -> Reviewer:
    """Ask somebody to judge; they accept by the link of the letter.

    Raises:
        Refusal: already asked ("twice"), too late ("state").
    """
    require(actor, "call.manage", call)
    call = lock(call)
    if call.state in {CallState.DECIDED, CallState.ARCHIVED}:
        raise Refusal("Cet appel est décidé : son jury ne change plus.", code="state")
    if call.reviewers.filter(removed_at=None).count() >= MOST_REVIEWERS:
        raise Refusal(f"Un jury compte au plus {MOST_REVIEWERS} personnes.", code="too_many")
    made = jury_seats.seat_for(call, email.strip().lower(), ReviewerRole(role))
    audit.record(actor, "initiatives.invite_reviewer", call, reviewer=made.pk)
    if made.user_id is not None and call.state == CallState.REVIEWING:
        answer_files.show_to_jurors(call, [made.user_id], actor)
    emails.invite_reviewer(made)
    return made


@transaction.atomic
def join_jury(reviewer: Reviewer, *, actor: Actor) -> Reviewer:
    """Accept, signed in: the letter reached them, whatever address they sign in with.

    Raises:
        Refusal: removed ("removed"), decided ("state"), somebody else's ("taken"), or of this
            jury already ("twice").
    """
    person: User = actor.person
    call = lock(reviewer.call)
    reviewer = Reviewer.objects.select_for_update(of=("self",)).select_related("call").get(
        pk=reviewer.pk
    )  # fmt: skip
    if reviewer.removed_at is not None:
        raise Refusal("Vous n’êtes plus invité à ce jury.", code="removed")
    if reviewer.user_id == person.pk:
        return reviewer
    if call.state in {CallState.DECIDED, CallState.ARCHIVED}:
        raise Refusal("Cet appel est décidé : son jury ne change plus.", code="state")
    if reviewer.user_id is not None:
        raise Refusal("Une autre personne a déjà accepté avec ce lien.", code="taken")
    reviewer = jury_seats.former_of(reviewer, person)
    reviewer.user, reviewer.accepted_at = person, clock.now()
    try:
        with transaction.atomic():
            reviewer.save(update_fields=["user", "accepted_at", "role", "removed_at"])
    except IntegrityError as error:
        raise Refusal("Vous êtes déjà de ce jury.", code="twice") from error
    audit.record(actor, "initiatives.join_jury", reviewer.call, reviewer=reviewer.pk)
    if call.state == CallState.REVIEWING:
        answer_files.show_to_jurors(call, [person.pk], actor)
    return reviewer


@transaction.atomic
def remove_reviewer(reviewer: Reviewer, *, actor: Actor) -> None:
    """Whoever leaves the jury: what they had sent stays in the table until the decision, no more
    is waited from them."""
    require(actor, "call.manage", reviewer.call)
    call = lock(reviewer.call)
    if call.state in {CallState.DECIDED, CallState.ARCHIVED}:
        raise Refusal("Cet appel est décidé : son jury ne change plus.", code="state")
    Reviewer.objects.filter(pk=reviewer.pk, removed_at=None).update(removed_at=clock.now())
    reviewer.refresh_from_db()
    if reviewer.user_id is not None:
        answer_files.hide_from_juror(call.submissions.all(), reviewer.user_id, actor)
    audit.record(actor, "initiatives.remove_reviewer", call, reviewer=reviewer.pk)


# --- Its states


def move(call: CallForInitiatives, to: CallState, actor: Actor, *names: str) -> None:
    before = CallState(call.state)
    if to not in CALL_TRANSITIONS[before]:
        raise Refusal(
            f"Cet appel est « {before.label.lower()} » : rechargez la page pour voir ce qui reste"
            " possible.",
            code="state",
        )
    call.state = to
    call.save(update_fields=["state", *names])
    audit.record(actor, "initiatives.move_call", call, before=before, after=to)


@transaction.atomic
def publish(call: CallForInitiatives, *, actor: Actor) -> CallForInitiatives:
    """Everybody reads it; people answer from its opening to its closing.

    Raises:
        Refusal: all that is missing ("missing") or out of order ("dates").
    """
    call = _draft(call, actor)
    require_verified(actor)
    if lacks := lacks_of(call):
        raise Refusal(" ".join(one.sentence for one in lacks), code=lacks[0].code)
    call.published_at = clock.now()
    move(call, CallState.PUBLISHED, actor, "published_at")
    return call


@transaction.atomic
def postpone(call: CallForInitiatives, closes_at: datetime, *, actor: Actor) -> CallForInitiatives:
    """Leave more time, never less, while it is still open; those with a draft are told.

    A jury whose day would come first has as many more days.
    """
    require(actor, "call.manage", call)
    call = lock(call)
    if call.state != CallState.PUBLISHED or call.is_over or call.closes_at is None:
        raise Refusal("Cet appel est fermé : sa date ne change plus.", code="state")
    if closes_at <= call.closes_at:
        raise Refusal(
            "La nouvelle date doit être plus tardive : des personnes comptent sur la première.",
            field="closes_at",
            code="dates",
        )
    later, call.closes_at = closes_at - call.closes_at, closes_at
    if call.review_until and is_jury_early(call):
        call.review_until += timedelta(days=ceil(later / timedelta(days=1)))
    call.save(update_fields=["closes_at", "review_until"])
    call.submissions.filter(state=SubmissionState.DRAFT).update(reminded_at=None)
    audit.record(actor, "initiatives.postpone_call", call)
    emails.postponed(call)
    return call


@transaction.atomic
def close_due(call: CallForInitiatives) -> bool:
    """The clock's part; True when it has just closed. Twice is once."""
    call = lock(call)
    if call.state != CallState.PUBLISHED or not call.is_over:
        return False
    move(call, CallState.CLOSED, SYSTEM)
    emails.closed(call)
    return True


@transaction.atomic
def begin_review(call: CallForInitiatives, *, actor: Actor) -> CallForInitiatives:
    """Open the submissions to the jury.

    Raises:
        Refusal: nobody would score ("jury"), nothing was sent ("none").
    """
    require(actor, "call.manage", call)
    call = lock(call)
    if call.state == CallState.PUBLISHED and call.is_over:  # before the task came by
        move(call, CallState.CLOSED, SYSTEM)
        emails.closed(call)
    if not call.submissions.filter(state=SubmissionState.SENT).exists():
        raise Refusal(
            "Aucune candidature n’a été envoyée : il n’y a rien à examiner. Vous pouvez archiver"
            " l’appel.",
            code="none",
        )
    if not call.reviewers.filter(removed_at=None).exclude(user=None).exists():
        raise Refusal(
            "Personne n’a encore accepté d’être du jury : invitez au moins une personne.",
            code="jury",
        )
    move(call, CallState.REVIEWING, actor)
    jury = call.reviewers.filter(removed_at=None).exclude(user=None)
    answer_files.show_to_jurors(call, jury.values_list("user", flat=True), actor)
    emails.review_opens(call)
    return call


@transaction.atomic
def archive(call: CallForInitiatives, *, actor: Actor) -> CallForInitiatives:
    """Take it off the public pages. A closed call with submissions must be decided first."""
    require(actor, "call.manage", call)
    call = lock(call)
    waiting = call.submissions.filter(state=SubmissionState.SENT, decision="").exists()
    if waiting and call.state != CallState.DECIDED:
        raise Refusal(
            "Des candidatures attendent une réponse : examinez-les et publiez les décisions"
            " d’abord.",
            code="waiting",
        )
    move(call, CallState.ARCHIVED, actor)
    return call
