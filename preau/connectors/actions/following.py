"""What becomes of dossiers: asked by token without any key, or read with a démarche's own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from preau.accounts.actors import SYSTEM
from preau.connectors.actions.dossiers import D, decision_day, give_up, locked, move
from preau.connectors.actions.procedures import close
from preau.connectors.models import Dossier
from preau.connectors.models.dossiers import PURPOSE
from preau.connectors.procedures import emails, queries
from preau.connectors.procedures.remote import KEY, NAME, OFF, is_on, service
from preau.connectors.procedures.states import DECIDED, FUNDING, OVER, THERE, DossierState
from preau.core import clock
from preau.core.errors import Refusal
from preau.core.formats import local
from preau.core.sealed import Unreadable, unseal
from preau.integrations import demarches
from preau.integrations.demarches import NotFound, Status
from preau.integrations.demarches.states import State
from preau.integrations.http import Rejected, Unavailable
from preau.outside.calls import NotAsked, calling
from preau.projects.actions import funding as funding_actions
from preau.projects.actions.funding import facts_of
from preau.projects.enums import FundingState

_log = logging.getLogger(__name__)
#: A dossier that the service does not know is asked about once more before it is said gone.
GONE_AFTER = timedelta(minutes=45)
REMIND_AFTER = timedelta(days=3)
#: How long what was sent stays here after the end.
KEPT = timedelta(days=365)
#: Nobody has been asked yet, or no longer.
_UNASKED = {FundingState.PLANNED, FundingState.WITHDRAWN}
#: Batches in one run: the next run goes on.
MOST_BATCHES = 200


@dataclass(frozen=True, slots=True)
class News:
    """What the service says of one dossier; `motivation` None where it does not say."""

    state: State
    submitted_at: datetime | None = None
    processed_at: datetime | None = None
    motivation: str | None = None
    #: When it was asked: what was learnt later stands.
    asked_at: datetime | None = None


def follow() -> int:
    """Ask about every dossier that is due, by batches of one démarche; how many were asked. A
    démarche that fails keeps no other waiting: what was not asked is due still.

    Raises:
        Unavailable: once the others were asked; at once where the service is left alone.
    """
    asked, failing = 0, dict[int, Unavailable]()
    if not is_on():
        return asked
    for _ in range(MOST_BATCHES):
        due = queries.due().exclude(procedure__in=failing)
        first = due.values_list("procedure", flat=True).first()
        if first is None:
            break
        some = due.filter(procedure=first).select_related("procedure")
        try:
            batch = list(some[: demarches.TOKENS_AT_ONCE])
            _batch(batch, timeout=15.0, tries=2)
            asked += len(batch)
        except NotAsked:
            raise
        except Unavailable as failure:
            failing[first] = failure
    if failing:
        raise failing.popitem()[1]
    return asked


def check(dossier: Dossier) -> None:
    """« Vérifier maintenant », on a click.

    Raises:
        Refusal: the service does not answer ("down"), or not what is understood ("strange"), or
            the link is off ("off").
    """
    if not is_on():
        raise Refusal(OFF, code="off")
    if not dossier.is_there:
        return
    try:
        strange = _batch([dossier], timeout=3.0, tries=1)
    except Unavailable:
        raise Refusal(
            f"{NAME} ne répond pas pour l’instant : l’état affiché est le dernier connu.",
            code="down",
        ) from None
    if strange:
        raise Refusal(
            f"{NAME} donne à ce dossier un état qui n’est pas compris ici : l’état affiché est le"
            " dernier connu.",
            code="strange",
        )
    dossier.refresh_from_db()


def _batch(some: Sequence[Dossier], *, timeout: float, tries: int) -> list[Dossier]:
    """Ask about dossiers of one démarche, and learn; those whose answer is not understood."""
    procedure = some[0].procedure
    tokens = {token: one for one in some if (token := _token(one))}
    now = clock.now()
    strange: list[Dossier] = []
    try:
        with calling(KEY), service(timeout=timeout, tries=tries) as opened:
            found = demarches.statuses(opened, procedure.number, list(tokens))
    except NotFound:  # closed: it no longer says, and nothing is known to be gone
        close(procedure)
        found = {}
    except Rejected:
        found = {}
    else:
        strange = [one for token, one in tokens.items() if token not in found]
    for token, status in found.items():
        learn(tokens[token], _news(status, now))
    for one in strange:
        _log.warning("dossier %s: what the service says is not understood", one.pk)
    asked = Dossier.objects.filter(pk__in=[one.pk for one in some])
    asked.exclude(checked_at__gt=now).update(checked_at=now)
    return strange


def _token(dossier: Dossier) -> str:
    try:
        return unseal(dossier.sealed_token, purpose=PURPOSE)
    except Unreadable:
        return ""


def _news(status: Status, asked_at: datetime) -> News:
    return News(status.state, status.submitted_at, status.processed_at, asked_at=asked_at)


@transaction.atomic
def learn(dossier: Dossier, news: News) -> bool:
    """Keep what the service says; whether the state moved. Any order, any number of times."""
    fresh = locked(dossier)
    before, after = DossierState(fresh.state), DossierState(news.state.value)
    if not _is_believed(fresh, news):
        return False
    fresh.checked_at = news.asked_at or fresh.checked_at
    # Put away by its holder once answered: the answer stays.
    if after == D.EXPIRED and (before in DECIDED or not _is_gone(fresh)):
        return False
    fresh.missing_at = None if after != D.EXPIRED else fresh.missing_at
    fresh.submitted_at = news.submitted_at or fresh.submitted_at
    if after in DECIDED:
        fresh.processed_at = news.processed_at or fresh.processed_at
    elif after != D.EXPIRED:
        fresh.processed_at = None
    if news.motivation is not None:
        fresh.motivation = news.motivation[:5000]
    if after not in {D.PREFILLED}:
        fresh.sealed_url = ""
    if before == after:
        fresh.save()
        return False
    move(fresh, after)
    _fund(fresh)
    emails.moved(fresh, before)
    return True


def _is_believed(dossier: Dossier, news: News) -> bool:
    """Not what was asked before what is known; nor a state to which no step leads, unless it was
    filed after all, when it seemed gone."""
    if news.asked_at and dossier.checked_at and news.asked_at < dossier.checked_at:
        return False
    before = DossierState(dossier.state)
    if before == D.EXPIRED and dossier.number and news.state.is_filed:
        return True
    if before not in THERE:
        return False
    if not State(before.value).may_become(news.state):
        _log.warning("dossier %s: %s after %s", dossier.pk, news.state.value, before.value)
        return False
    return True


def _is_gone(dossier: Dossier) -> bool:
    """Past its five days unopened; or missing twice in a row: one empty answer proves nothing."""
    now = clock.now()
    if dossier.state == D.PREFILLED and dossier.is_lapsed:
        return True
    if dossier.missing_at is None:
        dossier.missing_at = now
        dossier.save(update_fields=["missing_at"])
        return False
    return now - dossier.missing_at >= GONE_AFTER


def _fund(dossier: Dossier) -> None:
    """The request for money follows the dossier, as far as its own rules allow."""
    was_filed = dossier.submitted_at is not None
    to = FUNDING.get(DossierState(dossier.state))
    if dossier.state == D.EXPIRED and was_filed:
        to = FundingState.WITHDRAWN
    request = dossier.funding
    if to is None or request.state == to:
        return
    if dossier.state == D.ACCEPTE and request.state == FundingState.GRANTED:
        return  # its holder was faster than we
    today = clock.today(dossier.project.zone)
    asked_on = min(_day(dossier, dossier.submitted_at) or today, today)
    steps = [to]
    # What happened between two looks: it was asked before it was answered.
    if to == FundingState.REFUSED and request.state in _UNASKED:
        steps = [FundingState.ASKED, to]
    try:
        for step in steps:
            facts = replace(facts_of(request), state=step, asked_on=request.asked_on or asked_on)
            if step == FundingState.REFUSED:
                day = min(decision_day(dossier), today)
                facts = replace(facts, decided_on=max(day, facts.asked_on or day))
            request = funding_actions.change(request, facts, actor=SYSTEM)
    except Refusal as refusal:  # somebody wrote otherwise there: theirs stays
        _log.info("dossier %s: funding not moved (%s)", dossier.pk, refusal.code)
    dossier.funding = request


def _day(dossier: Dossier, moment: datetime | None) -> date | None:
    return local(moment, dossier.project.zone).date() if moment else None


def remind() -> int:
    """Two days before the service deletes what nobody opened."""
    now = clock.now()
    late = Dossier.objects.filter(
        state=D.PREFILLED,
        reminded_at=None,
        created_at__lte=now - REMIND_AFTER,
        expires_at__gt=now,
    )
    told = 0
    for one in late.select_related("project__lead_commune", "procedure"):
        with transaction.atomic():
            if Dossier.objects.filter(pk=one.pk, reminded_at=None).update(reminded_at=now):
                emails.to_open(one)
                told += 1
    return told


def give_up_cut_short() -> int:
    """Intentions that a crash left without an outcome: said so."""
    old = Dossier.objects.filter(state=D.INTENDED, created_at__lte=clock.now() - queries.CUT_SHORT)
    done = 0
    for found in old.select_related("project"):
        with transaction.atomic():
            one = locked(found)
            if one.state == D.INTENDED:
                give_up(one)
                done += 1
    return done


def forget() -> int:
    """A year after the end, what was sent is no longer kept here."""
    old = Dossier.objects.filter(state__in=OVER | DECIDED, moved_at__lt=clock.now() - KEPT).exclude(
        sent=[], unsent=[], payload={}
    )
    return old.update(sent=[], unsent=[], payload={}, sealed_token=_FORGOTTEN, sealed_url="")


#: Not a token: what is that old is not asked about.
_FORGOTTEN = "-"
