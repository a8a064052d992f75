"""Closing a project, and the review of what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import day, local
from preau.projects import perms
from preau.projects.actions import blockages
from preau.projects.actions.states import lock, move
from preau.projects.emails import impact as impact_emails
from preau.projects.enums import SHOWN, AskKind, EventKind, ProjectState, ReviewSide
from preau.projects.history import note
from preau.projects.models import ImpactAsk, ImpactReview, Project, Recommendation
from preau.projects.queries.blockages import standing_of
from preau.projects.queries.impact import side_of
from preau.projects.recipients import holder_side

#: A review may be begun before the end, to be ready for it.
REVIEWABLE = frozenset({ProjectState.QUALIFIED, ProjectState.ACCOMPANIED, ProjectState.CLOSED})
#: The holder is not asked for it again sooner.
BETWEEN_ASKS = timedelta(days=7)
MOST_FIGURES = 20


@dataclass(frozen=True, slots=True)
class ReviewContent:
    """What the form holds. `figures`: rows of label, unit, before, after."""

    goals: str = ""
    results: str = ""
    figures: list[dict[str, Any]] = field(default_factory=list)
    what_helped: str = ""
    what_lacked: str = ""
    difference: int | None = None
    satisfaction: int | None = None
    is_public: bool = False
    helped_by: list[Recommendation] = field(default_factory=list)


_COLUMNS = [one.name for one in fields(ReviewContent) if one.name != "helped_by"]


@transaction.atomic
def write(
    project: Project, content: ReviewContent, *, actor: Actor, finish: bool = False
) -> ImpactReview:
    """Keep a draft, finish it, or correct a finished one (which stays finished).

    Raises:
        Forbidden: not theirs to write.
        Refusal: too early ("too_early"), the other side writes it ("other_side"), something is
            missing to finish it.
    """
    perms.require(actor, "project.review", project)
    project = lock(project)
    if project.state not in REVIEWABLE:
        raise Refusal(
            "Le bilan s’écrit quand le projet est qualifié, accompagné ou clos.", code="too_early"
        )
    side = side_of(actor, project)
    review = ImpactReview.objects.filter(project=project).first()
    if review is not None and review.side != side:
        raise Refusal(
            f"Ce bilan est écrit par l’autre partie : {ReviewSide(review.side).label.lower()}."
            " Écrivez-lui dans une conversation du projet.",
            code="other_side",
        )
    if finish or (review is not None and review.finished_at):
        _check_whole(content)
    review = review or ImpactReview(project=project, side=side)
    changed = [name for name in _COLUMNS if getattr(review, name) != getattr(content, name)]
    first = finish and review.finished_at is None
    for name in _COLUMNS:
        setattr(review, name, getattr(content, name))
    review.figures = review.figures[:MOST_FIGURES]
    now = clock.now()
    review.written_by, review.written_at = actor.user, now
    review.on_behalf_of = str(actor.organization or "")[:160]
    review.finished_at = now if first else review.finished_at
    review.save()
    review.helped_by.set([one for one in content.helped_by if _was_sent(one, project)])
    _tell(project, review, changed, actor=actor, first=first)
    return review


def _was_sent(recommendation: Recommendation, project: Project) -> bool:
    return recommendation.project_id == project.pk and recommendation.state in SHOWN


def _check_whole(content: ReviewContent) -> None:
    missing = {
        "goals": "Écrivez ce que vous vouliez faire.",
        "results": "Écrivez ce qui a été obtenu.",
    }
    for name, sentence in missing.items():
        if not getattr(content, name).strip():
            raise Refusal(sentence, field=name, code="missing")
    if content.difference is None:
        raise Refusal("Dites ce que l’accompagnement a changé.", field="difference", code="missing")


def _tell(
    project: Project, review: ImpactReview, changed: list[str], *, actor: Actor, first: bool
) -> None:
    """History and letters: nothing of a draft."""
    if review.finished_at is None:
        return
    if first:
        note(
            project,
            EventKind.REVIEW,
            actor=actor,
            subject=review,
            about="Bilan",
            change=("", "terminé"),
        )
        ImpactAsk.objects.filter(project=project, kind=AskKind.REVIEW, answered_at=None).update(
            answered_at=clock.now()
        )
        impact_emails.review_finished(project, review, actor=actor)
    elif changed:
        names = ", ".join(_said(name) for name in changed)
        note(
            project,
            EventKind.REVIEW,
            actor=actor,
            subject=review,
            about="Bilan",
            change=("terminé", "modifié"),
            reason=f"Modifié : {names}.",
        )


def _said(name: str) -> str:
    """The words of a column."""
    column = ImpactReview._meta.get_field(name)
    return str(getattr(column, "verbose_name", name))


@transaction.atomic
def ask(project: Project, *, actor: Actor) -> ImpactAsk:
    """Ask the holder for the review, by e-mail; a draft of the State's side becomes theirs.

    Raises:
        Forbidden: not theirs to ask.
        Refusal: it is written ("finished"), was asked for days ago ("asked"), or nobody of the
            holder's side has an account ("nobody").
    """
    perms.require(actor, "project.move", project)
    project = lock(project)
    now = clock.now()
    review = ImpactReview.objects.filter(project=project).first()
    if review is not None and review.finished_at:
        raise Refusal("Le bilan est déjà écrit.", code="finished")
    known = ImpactAsk.objects.filter(project=project, kind=AskKind.REVIEW).first()
    if known is not None and known.asked_at > now - BETWEEN_ASKS:
        raise Refusal(
            "Le bilan a déjà été demandé au porteur le"
            f" {day(local(known.asked_at, project.time_zone).date())}."
            " Laissez-lui quelques jours.",
            code="asked",
        )
    _someone_to_ask(project)
    asked, _ = ImpactAsk.objects.update_or_create(
        project=project,
        kind=AskKind.REVIEW,
        defaults={
            "asked_at": now,
            "asked_by": actor.user,
            "reminded_at": None,
            "answered_at": None,
        },
    )
    if review is not None and review.side == ReviewSide.STATE:
        review.side = ReviewSide.HOLDER
        review.save(update_fields=["side"])
    note(project, EventKind.REVIEW, actor=actor, about="Bilan", change=("", "demandé au porteur"))
    impact_emails.review_asked(project, asked)
    return asked


def _someone_to_ask(project: Project) -> None:
    if not holder_side(project):
        raise Refusal(
            "Personne du côté du porteur n’a de compte : écrivez le bilan vous-même, avec lui.",
            code="nobody",
        )


@transaction.atomic
def close(
    project: Project,
    *,
    actor: Actor,
    reason: str = "",
    seen_state: str = "",
    lifted: Mapping[int, bool] | None = None,
) -> Project:
    """End the accompaniment. Without a finished review, the holder is asked for it (handler).

    Args:
        lifted: key of each blockage on the page acted from → whether it was lifted. What was not
            ends with the project.

    Raises:
        Refusal: another blockage was said meanwhile ("blockages"), or as `states.move`.
    """
    perms.require(actor, "project.move", project)
    lock(project)
    if lifted is not None:
        _lift(project, lifted, actor=actor)
    return move(project, ProjectState.CLOSED, actor=actor, reason=reason, seen_state=seen_state)


def _lift(project: Project, lifted: Mapping[int, bool], *, actor: Actor) -> None:
    for one in list(standing_of(project)):
        if one.pk not in lifted:
            raise Refusal(
                f"« {one.title} » bloque aussi ce projet depuis peu : dites ce qu’il devient.",
                code="blockages",
            )
        if lifted[one.pk]:
            blockages.lift(one, reason="Levé à la clôture du projet.", actor=actor)


def ask_once_closed(project: Project) -> None:
    """However it was closed: the review that is missing is asked for, if it can be.

    Not when a service has begun to write it: its draft would be shown without its saying so.
    """
    if ImpactReview.objects.filter(project=project, side=ReviewSide.STATE).exists():
        return
    try:
        ask(project, actor=SYSTEM)
    except Refusal as refusal:
        if refusal.code not in {"finished", "asked", "nobody"}:
            raise
