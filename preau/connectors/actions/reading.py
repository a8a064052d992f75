"""Dossiers read with a démarche's own token: what changed since, and what the service kept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from preau.connectors.actions.following import News, learn
from preau.connectors.actions.procedures import TOKEN_PURPOSE
from preau.connectors.models import Dossier, Procedure
from preau.connectors.procedures import emails
from preau.connectors.procedures.remote import KEY, is_on
from preau.connectors.procedures.schema import every, loaded
from preau.connectors.procedures.states import DECIDED, FILED
from preau.core import clock
from preau.core.sealed import Unreadable, unseal
from preau.integrations.demarches import graphql
from preau.integrations.demarches.comparison import compared
from preau.integrations.demarches.graphql import NotFound
from preau.integrations.http import Rejected, Service, Unavailable
from preau.outside.calls import calling

_log = logging.getLogger(__name__)
#: Read again at each pass: what changed while the pass before went on.
OVERLAP = timedelta(minutes=5)
#: Dossiers whose champs are read in one run.
MOST_COMPARED = 50


def read_all() -> int:
    """Every démarche that has a token; how many dossiers moved. One that fails stops no other."""
    moved = 0
    if not is_on():
        return moved
    for procedure in Procedure.objects.exclude(sealed_token="").order_by("pk"):
        try:
            moved += read(procedure)
            compare(procedure)
        except (Unavailable, Rejected):  # the state of the service says it; the next run goes on
            continue
    return moved


def _server(procedure: Procedure) -> Service | None:
    try:
        token = unseal(procedure.sealed_token, purpose=TOKEN_PURPOSE)
    except Unreadable:
        return None
    return graphql.server(settings.DEMARCHES_URL, token, tries=2)


def account_of(procedure: Procedure) -> str:
    """Whose key: one refused for a démarche pauses no other."""
    return f"jeton {procedure.number}"


def read(procedure: Procedure) -> int:
    """Pages of what changed since the last pass; the place is kept after each page, so that a run
    cut short goes on there.

    Raises:
        Unavailable, Rejected: as the client.
    """
    server = _server(procedure)
    if server is None:
        return 0
    moved = 0
    if procedure.agent_started is None:
        procedure.agent_started = clock.now() - OVERLAP
        procedure.agent_after = ""
    with server:
        while True:
            asked_at = clock.now()
            with calling(KEY, account_of(procedure)):
                page = graphql.dossiers(
                    server,
                    procedure.number,
                    since=procedure.agent_since,
                    after=procedure.agent_after or None,
                )
            if page.strange:
                _log.warning(
                    "procedure %s: dossiers not understood, left aside: %s",
                    procedure.pk,
                    ", ".join(page.strange),
                )
            moved += _learn(procedure, page.dossiers, asked_at)
            procedure.agent_after = page.after or ""
            if page.after is None:
                procedure.agent_since, procedure.agent_started = procedure.agent_started, None
            procedure.save(update_fields=["agent_since", "agent_after", "agent_started"])
            if page.after is None:
                return moved


def _learn(procedure: Procedure, found: tuple[graphql.Dossier, ...], asked_at: datetime) -> int:
    """Those of ours; the others are nobody's business here."""
    by_number = {one.number: one for one in found}
    ours = Dossier.objects.filter(procedure=procedure, number__in=list(by_number))
    moved = 0
    for one in ours.select_related("project"):
        said = by_number[one.number or 0]
        news = News(said.state, said.filed_at, said.processed_at, said.motivation, asked_at)
        moved += learn(one, news)
    return moved


def compare(procedure: Procedure) -> int:
    """Which values the service dropped, in dossiers filed since: it never says so itself.

    Raises:
        Unavailable, Rejected: as the client.
    """
    server = _server(procedure)
    waiting = Dossier.objects.filter(
        procedure=procedure, state__in=FILED | DECIDED, compared_at=None
    ).exclude(payload={})
    done = 0
    if server is None:
        return done
    labels = {champ.key: champ.label for champ, _ in every(loaded(procedure.champs))}
    with server:
        for one in waiting.select_related("project__lead_commune")[:MOST_COMPARED]:
            try:
                with calling(KEY, account_of(procedure)):
                    said = graphql.dossier(server, one.number or 0)
            except NotFound:
                found: list[str] = []
            else:
                result = compared(one.payload, said)
                lost = (*result.dropped, *result.absent)
                found = sorted({labels.get(key, "une question retirée depuis") for key in lost})
            _keep(one, found)
            done += 1
    return done


@transaction.atomic
def _keep(dossier: Dossier, dropped: list[str]) -> None:
    fresh = Dossier.objects.select_for_update().filter(pk=dossier.pk, compared_at=None)
    if fresh.update(dropped=dropped, compared_at=clock.now()) and dropped:
        dossier.dropped = dropped
        emails.dropped(dossier)
