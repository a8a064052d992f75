"""Outside calendars among the services that the operator sees."""

from __future__ import annotations

from preau.calendars.actions.reading import due
from preau.calendars.tasks import EVERY
from preau.core import clock
from preau.outside.registry import OutsideService, register


def make_known() -> None:
    register(
        OutsideService(
            "ics",
            "Agendas extérieurs (.ics)",
            "Bloque dans le planning les événements des agendas que les lieux suivent.",
            "Les créneaux déjà bloqués le restent ; les gestionnaires bloquent à la main.",
            is_configured=lambda: True,
            waiting=lambda: len(due(clock.now() - EVERY)),
        )
    )
