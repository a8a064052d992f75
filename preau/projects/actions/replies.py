"""What the holder's side makes of a recommendation: seen, answered, judged."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from preau.accounts.actors import Actor
from preau.accounts.perms import allowed
from preau.core import clock
from preau.core.errors import Refusal
from preau.projects import perms
from preau.projects.actions.states import lock
from preau.projects.enums import (
    ANSWERS,
    RECOMMENDATION_TRANSITIONS,
    EventKind,
    RecommendationState,
)
from preau.projects.events import recommendation_answered
from preau.projects.history import note
from preau.projects.models import Recommendation, RecommendationAnswer

_R = RecommendationState


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `helpful`: « cette recommandation vous aide-t-elle ? », None when left aside."""

    state: RecommendationState
    reason: str = ""
    helpful: bool | None = None
    by_link: bool = False


def see(recommendation: Recommendation, *, actor: Actor) -> bool:
    """Date the first time that the holder's side opens it; anybody else leaves no trace.

    Returns:
        Whether this was the first time.
    """
    if recommendation.state != _R.SENT or actor.is_system:
        return False
    if not allowed(actor, "project.answer", recommendation):
        return False
    with transaction.atomic():
        project = lock(recommendation.project)
        changed = Recommendation.objects.filter(pk=recommendation.pk, state=_R.SENT).update(
            state=_R.SEEN, seen_at=clock.now()
        )
        if changed:
            recommendation.refresh_from_db(fields=["state", "seen_at"])
            note(
                project,
                EventKind.RECOMMENDATION,
                actor=actor,
                subject=recommendation,
                change=(_R.SENT, _R.SEEN),
            )
    return bool(changed)


@transaction.atomic
def answer(recommendation: Recommendation, reply: Reply, *, actor: Actor) -> RecommendationAnswer:
    """Write the holder's answer, and tell whoever advised. The same answer twice is one, and a
    link answers once: whoever changes their mind signs in.

    Raises:
        Forbidden: not of the holder's side, or no longer.
        Refusal: it was withdrawn ("lapsed"), or a no without its reason ("reason").
    """
    perms.require(actor, "project.answer", recommendation.project)
    project = lock(recommendation.project)
    recommendation = Recommendation.objects.get(pk=recommendation.pk)
    recommendation.project = project
    before, reason = RecommendationState(recommendation.state), reply.reason.strip()
    last = recommendation.answers.order_by("-id").first()
    if reply.by_link and last is not None:
        return last
    _check(before, reply.state, reason)
    if last is not None and _is_same(last, reply, reason):
        return last
    now = clock.now()
    recommendation.state = reply.state
    recommendation.seen_at = recommendation.seen_at or now
    recommendation.answered_at = recommendation.answered_at or now  # the first: delays use it
    recommendation.save(update_fields=["state", "seen_at", "answered_at"])
    made = RecommendationAnswer.objects.create(
        recommendation=recommendation,
        state=reply.state,
        reason=reason,
        helpful=reply.helpful,
        user=actor.user,
        by_link=reply.by_link,
    )
    note(
        project,
        EventKind.RECOMMENDATION,
        actor=actor,
        subject=recommendation,
        change=(before, reply.state),
        reason=reason,
    )
    recommendation_answered.send(
        Recommendation, recommendation=recommendation, answer=made, actor=actor
    )
    return made


def _is_same(last: RecommendationAnswer, reply: Reply, reason: str) -> bool:
    said = (last.state, last.reason, last.helpful)
    return said == (reply.state, reason, reply.helpful)


def _check(before: RecommendationState, to: RecommendationState, reason: str) -> None:
    if to not in ANSWERS:
        raise Refusal("Choisissez une réponse.", field="state", code="answer")
    if before == _R.LAPSED:
        raise Refusal(
            "Cette recommandation n’est plus d’actualité : le service qui l’a envoyée l’a retirée."
            " Vous n’avez rien à faire.",
            code="lapsed",
        )
    if before != to and to not in RECOMMENDATION_TRANSITIONS[before]:
        raise Refusal("Cette recommandation n’est pas encore envoyée.", code="transition")
    if to == _R.REFUSED and not reason:
        raise Refusal(
            "Dites pourquoi en quelques mots : cela aide à mieux vous conseiller.",
            field="reason",
            code="reason",
        )
