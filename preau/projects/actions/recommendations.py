"""What is proposed to a holder: drafted, sent, withdrawn. Answers: `replies`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from preau.accounts.actors import Actor
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.actions.states import lock, lock_open, require_open
from preau.projects.enums import (
    RECOMMENDATION_TRANSITIONS,
    EventKind,
    RecommendationState,
    SuggestionVerdict,
    Visibility,
)
from preau.projects.events import recommendation_sent
from preau.projects.history import note
from preau.projects.models import Blockage, Project, Recommendation, SuggestionDecision
from preau.projects.suggestions.one import Suggestion
from preau.projects.telling import help as telling_help
from preau.resources.enums import HelpKind

_R = RecommendationState


@dataclass(frozen=True, slots=True)
class Advice:
    """What a recommendation says. `facts` keeps what its source said that day."""

    kind: HelpKind
    title: str
    rationale: str
    contact: str = ""
    url: str = ""
    due_on: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def advice_of(suggestion: Suggestion) -> Advice:
    """A suggestion in the words of a recommendation, before anybody adapts them."""
    return Advice(
        kind=suggestion.kind,
        title=suggestion.title,
        rationale="\n".join(suggestion.reasons),
        contact=suggestion.contact,
        url=suggestion.url,
        due_on=suggestion.due_on,
        facts=suggestion.facts,
    )


@transaction.atomic
def draft(
    project: Project,
    advice: Advice,
    *,
    blockage: Blockage | None = None,
    suggestion: Suggestion | None = None,
    actor: Actor,
) -> Recommendation:
    """Prepare one; nobody outside the State's services sees it.

    Raises:
        Forbidden: not one of the project's services.
        Refusal: the suggestion is taken up already ("taken"), the project is over ("over").
    """
    perms.require(actor, "project.advise", project)
    project = lock_open(project)
    made = Recommendation(
        project=project,
        blockage=blockage,
        resource_id=suggestion.resource_id if suggestion else None,
        space_id=suggestion.space_id if suggestion else None,
        suggestion_id=suggestion.id if suggestion else "",
        author=actor.user,
        on_behalf_of=str(actor.organization or "")[:160],
    )
    _write(made, advice)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise Refusal(
            "Cette suggestion est déjà reprise dans une recommandation de ce projet : complétez"
            " celle-ci plutôt que d’en faire une autre.",
            code="taken",
        ) from error
    if suggestion is not None:
        SuggestionDecision.objects.create(
            project=project,
            blockage=blockage,
            suggestion_id=suggestion.id,
            verdict=SuggestionVerdict.USED,
            user=actor.user,
        )
    _note(made, actor, ("", _R.DRAFT), visibility=Visibility.STATE)
    return made


@transaction.atomic
def adapt(recommendation: Recommendation, advice: Advice, *, actor: Actor) -> Recommendation:
    """Rewrite a draft. What was sent stays as it was read.

    Raises:
        Refusal: it has left ("sent").
    """
    perms.require(actor, "project.advise", recommendation.project)
    recommendation = _locked(recommendation)
    require_open(recommendation.project)
    if recommendation.state != _R.DRAFT:
        raise Refusal(
            "Cette recommandation vient d’être envoyée : elle ne change plus. Retirez-la et"
            " envoyez-en une autre, si elle est fausse.",
            code="sent",
        )
    _write(recommendation, advice)
    recommendation.save()
    return recommendation


@transaction.atomic
def discard_draft(recommendation: Recommendation, *, actor: Actor) -> None:
    """Throw a draft away; its suggestion is made again.

    Raises:
        Refusal: it has left ("sent").
    """
    perms.require(actor, "project.advise", recommendation.project)
    recommendation = _locked(recommendation)
    require_open(recommendation.project)
    if recommendation.state != _R.DRAFT:
        raise Refusal("Cette recommandation est déjà envoyée : retirez-la plutôt.", code="sent")
    note(
        recommendation.project,
        EventKind.RECOMMENDATION,
        actor=actor,
        about=recommendation.title,
        change=(_R.DRAFT, "brouillon supprimé"),
        visibility=Visibility.STATE,
    )
    recommendation.delete()


@transaction.atomic
def send(recommendations: Sequence[Recommendation], *, actor: Actor) -> list[Recommendation]:
    """Send drafts of one project to its holder, in one e-mail; those sent already stay as they are.

    Returns:
        What left now.

    Raises:
        Refusal: nothing was chosen ("none"), one does not say why ("rationale"), the project is
            over ("over").
    """
    if not recommendations:
        raise Refusal("Cochez au moins une recommandation à envoyer.", code="none")
    project = recommendations[0].project
    perms.require(actor, "project.advise", project)
    project = lock_open(project)
    keys = sorted({one.pk for one in recommendations})
    drafts = list(
        Recommendation.objects.filter(pk__in=keys, project=project, state=_R.DRAFT)
        .select_related("blockage")
        .order_by("id")
    )
    for one in drafts:
        if not one.rationale.strip():
            raise Refusal(
                f"Dites au porteur pourquoi vous lui proposez « {one.title} ».",
                field="rationale",
                code="rationale",
            )
    now = clock.now()
    for one in drafts:
        one.project = project
        one.state, one.sent_at = _R.SENT, now
        one.save(update_fields=["state", "sent_at"])
        _note(one, actor, ("", _R.SENT))
    if drafts:
        _date_first_advice(project, drafts)
    for one in drafts:
        recommendation_sent.send(Recommendation, recommendation=one, actor=actor)
    telling_help.tell_sent(project, drafts, actor=actor)
    return drafts


@transaction.atomic
def send_as_is(blockage: Blockage, suggestion: Suggestion, *, actor: Actor) -> Recommendation:
    """Send a suggestion in its own words."""
    made = draft(
        blockage.project,
        advice_of(suggestion),
        blockage=blockage,
        suggestion=suggestion,
        actor=actor,
    )
    return send([made], actor=actor)[0]


@transaction.atomic
def withdraw(recommendation: Recommendation, *, reason: str, actor: Actor) -> Recommendation:
    """Say that it no longer holds: the holder reads why.

    Raises:
        Refusal: no reason ("reason"), or the holder has already acted on it ("transition").
    """
    perms.require(actor, "project.advise", recommendation.project)
    lock_open(recommendation.project)
    return _lapse(recommendation, reason.strip(), actor=actor)


def lapse(recommendation: Recommendation, *, reason: str, actor: Actor) -> bool:
    """The same, by the clock: False when there is nothing left to end."""
    with transaction.atomic():
        try:
            _lapse(recommendation, reason, actor=actor)
        except Refusal:
            return False
    return True


def _lapse(recommendation: Recommendation, reason: str, *, actor: Actor) -> Recommendation:
    recommendation = _locked(recommendation)
    before = RecommendationState(recommendation.state)
    if not reason:
        raise Refusal("Écrivez le motif : le porteur le lira.", field="reason", code="reason")
    if _R.LAPSED not in RECOMMENDATION_TRANSITIONS.get(before, frozenset()):
        raise Refusal(
            f"Cette recommandation est « {before.label} » : elle ne se retire plus.",
            code="transition",
        )
    recommendation.state = _R.LAPSED
    recommendation.save(update_fields=["state"])
    _note(recommendation, actor, (before, _R.LAPSED), reason)
    telling_help.tell_withdrawn(recommendation, reason)
    return recommendation


@transaction.atomic
def discard_suggestion(
    blockage: Blockage, suggestion: Suggestion, *, reason: str, actor: Actor
) -> SuggestionDecision:
    """Set a suggestion aside for this blockage; it is not proposed again.

    Raises:
        Refusal: no reason ("reason").
    """
    perms.require(actor, "project.advise", blockage.project)
    if not reason.strip():
        raise Refusal(
            "Dites pourquoi : vos collègues ne la reverront pas.", field="reason", code="reason"
        )
    project = lock_open(blockage.project)
    note(
        project,
        EventKind.RECOMMENDATION,
        actor=actor,
        about=suggestion.title,
        change=("suggestion", "écartée"),
        reason=reason.strip(),
        visibility=Visibility.STATE,
    )
    return SuggestionDecision.objects.create(
        project=project,
        blockage=blockage,
        suggestion_id=suggestion.id,
        verdict=SuggestionVerdict.DISCARDED,
        reason=reason.strip()[:500],
        user=actor.user,
    )


def _date_first_advice(project: Project, sent: Sequence[Recommendation]) -> None:
    now = clock.now()
    Project.objects.filter(pk=project.pk, first_advice_at=None).update(first_advice_at=now)
    blockages = {one.blockage_id for one in sent if one.blockage_id}
    Blockage.objects.filter(pk__in=blockages, advised_at=None).update(advised_at=now)


def _locked(recommendation: Recommendation) -> Recommendation:
    """The recommendation as it is now, its project held for this transaction.

    Raises:
        Refusal: somebody threw the draft away ("gone").
    """
    project = lock(recommendation.project)
    fresh = Recommendation.objects.filter(pk=recommendation.pk).first()
    if fresh is None:
        raise Refusal("Quelqu’un vient de supprimer ce brouillon.", code="gone")
    fresh.project = project
    return fresh


def _write(recommendation: Recommendation, advice: Advice) -> None:
    if not advice.title.strip():
        raise Refusal("Donnez un titre à la recommandation.", field="title", code="title")
    recommendation.kind = advice.kind
    recommendation.title = advice.title.strip()[:200]
    recommendation.rationale = advice.rationale.strip()
    recommendation.contact = advice.contact.strip()[:300]
    recommendation.url = advice.url
    recommendation.due_on = advice.due_on
    if advice.facts:
        recommendation.snapshot = dict(advice.facts)


def _note(
    recommendation: Recommendation,
    actor: Actor,
    change: tuple[str, str],
    reason: str = "",
    *,
    visibility: Visibility = Visibility.MEMBERS,
) -> None:
    note(
        recommendation.project,
        EventKind.RECOMMENDATION,
        actor=actor,
        subject=recommendation,
        change=change,
        reason=reason,
        visibility=visibility,
    )
