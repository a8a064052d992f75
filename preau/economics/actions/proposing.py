"""Proposing an allocation to the providers, their answers, settling it."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM, Actor
from preau.core import audit, clock
from preau.core.errors import Refusal
from preau.documents.actions.vault import deposit, share, unshare
from preau.documents.enums import DocumentKind
from preau.economics import annexing, perms, telling
from preau.economics.actions.allocations import CHANGED, locked
from preau.economics.enums import AllocationState, Answer
from preau.economics.gaming import game_of
from preau.economics.models import CostAllocation, ProviderLine
from preau.economics.sharing.game import Game
from preau.economics.sharing.rules import Rule, Sharing
from preau.economics.sharing.rules import share as share_out

_S = AllocationState
MOST_DAYS = 180


def propose(
    allocation: CostAllocation, *, rule: str, answer_by: date, actor: Actor
) -> CostAllocation:
    """Freeze the shares under a rule, write the annex, show each provider its own.

    The annex is drawn before the transaction; what was drawn is compared with what is frozen.

    Raises:
        Refusal: something is missing, or the date has passed.
    """
    perms.require(actor, "allocation.keep", allocation)
    today = clock.today()
    if not today < answer_by <= today + timedelta(days=MOST_DAYS):
        raise Refusal(
            "Choisissez une date à venir, dans les six mois.", field="answer_by", code="date"
        )
    game = _whole(allocation)
    sharing = share_out(game, Rule(rule))
    pdf = annexing.pdf(allocation, game, sharing, answer_by)
    return _freeze(allocation, game, sharing, answer_by, pdf, actor)


def _whole(allocation: CostAllocation) -> Game:
    game = game_of(allocation)
    if game is None:
        raise Refusal("Complétez d’abord les charges et les occupants.", code="incomplete")
    return game


@transaction.atomic
def _freeze(
    allocation: CostAllocation,
    game: Game,
    sharing: Sharing,
    answer_by: date,
    pdf: bytes,
    actor: Actor,
) -> CostAllocation:
    allocation = locked(allocation)
    if allocation.state != _S.DRAFT or _whole(allocation) != game:
        raise Refusal(CHANGED, code="state")
    lines = list(allocation.providers.select_related("organization"))
    for line, one in zip(lines, sharing.shares, strict=True):
        line.share_cents, line.alone_cents = one.cents, one.alone
        line.explanation = [[part.words, part.cents] for part in one.parts]
        line.save(update_fields=["share_cents", "alone_cents", "explanation"])
    document = deposit(
        actor=actor,
        kind=DocumentKind.OTHER,
        title=f"Annexe : répartition des coûts, {allocation.place_name}",
        content=pdf,
        media_type="application/pdf",
        owner_organization=allocation.organization,
    )
    share(document, _keys(lines), actor=actor)
    allocation.state, allocation.rule = _S.PROPOSED, sharing.rule.value
    allocation.annex, allocation.answer_by = document, answer_by
    allocation.proposed_at, allocation.reminded_at = clock.now(), None
    allocation.proposals += 1
    allocation.save()
    audit.record(actor, "allocation.propose", allocation, rule=allocation.rule)
    telling.proposed(allocation, lines)
    return allocation


def _keys(lines: list[ProviderLine]) -> list[str]:
    return [f"organization:{one.organization_id}" for one in lines if one.organization_id]


@transaction.atomic
def answer(line: ProviderLine, *, agrees: bool, reason: str, actor: Actor) -> ProviderLine:
    """A provider's word on its share; changed as long as nothing is settled.

    Raises:
        Refusal: nothing waits for an answer, or it objects without a reason.
    """
    perms.require_answer(actor, "share.answer", line)
    allocation = locked(line.allocation)
    if allocation.state != _S.PROPOSED:
        raise Refusal("Cette répartition n’attend pas de réponse en ce moment.", code="state")
    if not agrees and not reason.strip():
        raise Refusal(
            "Dites ce qui ne convient pas : la structure qui propose le lira.",
            field="reason",
            code="reason_needed",
        )
    line = ProviderLine.objects.select_related("allocation__organization").get(pk=line.pk)
    line.answer = Answer.AGREES if agrees else Answer.OBJECTS
    line.answer_reason = reason.strip()[:1000]
    line.answered_at, line.answered_by = clock.now(), actor.user
    line.save(update_fields=["answer", "answer_reason", "answered_at", "answered_by"])
    audit.record(actor, "share.answer", line, answer=line.answer)
    telling.answered(line)
    return line


@transaction.atomic
def take_back(allocation: CostAllocation, *, actor: Actor) -> CostAllocation:
    """Back to a draft, to change something: answers and shares are cleared, the annex hidden.

    Raises:
        Refusal: it is not proposed.
    """
    perms.require(actor, "allocation.keep", allocation)
    allocation = locked(allocation)
    if allocation.state != _S.PROPOSED or allocation.annex is None:
        raise Refusal(CHANGED, code="state")
    lines = list(allocation.providers.select_related("organization"))
    unshare(allocation.annex, _keys(lines), actor=actor)
    allocation.state, allocation.annex, allocation.proposed_at = _S.DRAFT, None, None
    allocation.answer_by = allocation.reminded_at = None
    allocation.save()
    allocation.providers.update(
        share_cents=None,
        alone_cents=None,
        explanation=[],
        answer=Answer.NONE,
        answer_reason="",
        answered_at=None,
        answered_by=None,
    )
    audit.record(actor, "allocation.take_back", allocation)
    telling.taken_back(allocation, lines)
    return allocation


@transaction.atomic
def settle(allocation: CostAllocation, *, actor: Actor) -> CostAllocation:
    """Decide: everyone is told. Objections that stand are shown, they do not forbid.

    Raises:
        Refusal: it is not proposed, or some have not answered and still have time to.
    """
    perms.require(actor, "allocation.keep", allocation)
    allocation = locked(allocation)
    if allocation.state != _S.PROPOSED or allocation.answer_by is None:
        raise Refusal(CHANGED, code="state")
    silent = allocation.providers.filter(answer=Answer.NONE, organization__isnull=False).exists()
    if silent and clock.today() <= allocation.answer_by:
        raise Refusal(
            "Des occupants n’ont pas répondu et ont encore le temps de le faire.", code="silent"
        )
    allocation.state, allocation.settled_at = _S.SETTLED, clock.now()
    allocation.save(update_fields=["state", "settled_at"])
    audit.record(actor, "allocation.settle", allocation)
    telling.settled(allocation, list(allocation.providers.select_related("organization")))
    return allocation


@transaction.atomic
def remind(allocation: CostAllocation) -> bool:
    """A week before the date, those who have not answered. Again does nothing more."""
    allocation = locked(allocation)
    if allocation.state != _S.PROPOSED or allocation.reminded_at or allocation.answer_by is None:
        return False
    allocation.reminded_at = clock.now()
    allocation.save(update_fields=["reminded_at"])
    silent = allocation.providers.filter(answer=Answer.NONE).select_related("organization")
    telling.to_answer(allocation, list(silent))
    audit.record(SYSTEM, "allocation.remind", allocation)
    return True
