"""The clock's part in blockages and recommendations. Each run is idempotent."""

from __future__ import annotations

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from procrastinate.contrib.django import app

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.core.formats import count, day
from preau.projects.actions import recommendations
from preau.projects.actions.states import lock
from preau.projects.enums import STILL_BLOCKING, EventKind, Visibility
from preau.projects.handlers.help import TELL_BLOCKAGE
from preau.projects.history import note
from preau.projects.models import Blockage, Recommendation, StatePair
from preau.projects.queries.blockages import without_advice
from preau.projects.queries.recommendations import out_of_date
from preau.projects.suggestions.decisions import left
from preau.projects.telling import help as telling_help

_log = logging.getLogger(__name__)
#: Where a département has no pair any longer.
USUAL_DAYS = 5
PARIS = ZoneInfo("Europe/Paris")


@app.task(name=TELL_BLOCKAGE, retry=10)
def tell_blockage(blockage_id: int) -> None:
    """Tell the project's services of a blockage, with what may help."""
    blockage = Blockage.objects.select_related("project").filter(pk=blockage_id).first()
    if blockage is None or blockage.state not in STILL_BLOCKING:
        return
    telling_help.tell_opened(blockage, left(blockage, on=clock.today(PARIS)).open)


@app.periodic(cron="20 6 * * *")
@app.task(queueing_lock="projects.no_advice")
def tell_pairs_without_advice(timestamp: int) -> int:
    """Tell each pair of the blockages for which nothing was proposed in its days, once each."""
    pairs = {
        one.departement_id: one for one in StatePair.objects.select_related("ddt", "prefecture")
    }
    told = 0
    for blockage in without_advice():
        pair = pairs.get(blockage.project.departement_code)
        days = pair.advice_days if pair else USUAL_DAYS
        if blockage.opened_at + timedelta(days=days) > clock.now():
            continue
        try:
            told += _tell_pair(blockage, pair)
        except Exception:  # one that fails must not keep the others waiting; the next run retries
            _log.exception("telling the pair of blockage %s failed", blockage.pk)
    return told


@transaction.atomic
def _tell_pair(blockage: Blockage, pair: StatePair | None) -> bool:
    project = lock(blockage.project)
    waiting = Blockage.objects.filter(
        pk=blockage.pk, state__in=STILL_BLOCKING, advised_at=None, pair_told_at=None
    )
    if not waiting.update(pair_told_at=clock.now()):
        return False
    blockage.project = project
    days = telling_help.late_since(blockage)
    note(
        project,
        EventKind.ESCALATION,
        actor=SYSTEM,
        subject=blockage,
        change=("", f"binôme prévenu : sans conseil depuis {count(days, 'jour')}"),
        visibility=Visibility.STATE,
    )
    telling_help.tell_without_advice(blockage, pair, days)
    return True


@app.periodic(cron="40 5 * * *")
@app.task(queueing_lock="projects.lapse_recommendations")
def lapse_recommendations(timestamp: int) -> int:
    """End what proposes an aid or an offer that is no longer to be had."""
    on = clock.today(PARIS)
    done = 0
    for one in out_of_date(on):
        try:
            done += recommendations.lapse(one, reason=_why(one), actor=SYSTEM)
        except Exception:  # the same
            _log.exception("ending recommendation %s failed", one.pk)
    return done


def _why(recommendation: Recommendation) -> str:
    resource = recommendation.resource
    closes = resource.closes_on if resource else None
    if closes is not None and closes < clock.today(PARIS):
        return f"La date limite de dépôt est passée depuis le {day(closes)}."
    return "La fiche qui la décrit n’est plus à jour : elle a été retirée de la bibliothèque."
