"""The room's night: files closed and erased at their date, what is to be looked at again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from procrastinate.contrib.django import app

from preau.accounts.models import Organization, User
from preau.core import clock
from preau.mediation import queries
from preau.mediation.actions import following, leaving, trainings

_log = logging.getLogger(__name__)
Row = TypeVar("Row")


@app.periodic(cron="30 3 * * *")
@app.task(queueing_lock="mediation.look_after")
def look_after(timestamp: int) -> int:
    """How many rows something was done for. Again does nothing more."""
    today = clock.today()
    done = _each(queries.files_due(today), following.look_after)
    done += _each(queries.trainings_ending(today), lambda one: trainings.remind(one, today))
    _each(queries.steps_due(today), lambda one: following.remind(one, today))
    done += _each(queries.mandates_ending(today), following.remind_of_end)
    done += _tell_left()
    return done


def _tell_left() -> int:
    """Files that a departure has left to nobody."""
    rows = list(queries.mediators_gone())
    structures = Organization.objects.select_related("merged_into").in_bulk(
        {row["organization"] for row in rows}
    )
    people = User.objects.in_bulk({row["mediator"] for row in rows})
    return _each(
        rows,
        lambda row: leaving.tell_left(
            structures[row["organization"]], people[row["mediator"]], row["n"]
        ),
    )


def _each(rows: Iterable[Row], verb: Callable[[Row], object]) -> int:
    done = 0
    for row in rows:
        try:
            done += bool(verb(row))
        except Exception:  # one that fails must not keep the others waiting; next night retries
            _log.exception("%r failed", row)
    return done
