"""Half-days that shared places are open, for a thousand inhabitants."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.db.models import Sum

from preau.availability.bits import span, to_text
from preau.capacity.impact.base import Definition, Figure, Question, Section
from preau.capacity.impact.coming import communes
from preau.core import clock, formats
from preau.directory.enums import SheetState
from preau.directory.models import Sheet
from preau.territories.models import Commune

#: Two hours at least make a half-day.
LEAST_QUARTERS = 8
MORNING, AFTERNOON = span(0, 52), span(52, 100)

HALF_DAYS = Definition(
    "demi_journees",
    "Demi-journées ouvertes pour 1 000 habitants",
    "par semaine",
    "Demi-journées (avant et après 13 h) où un lieu de l’annuaire est ouvert au moins deux "
    "heures, dans les sept jours qui viennent, divisées par la population des communes.",
    "Les lieux dont les horaires ne sont pas renseignés ne sont pas comptés.",
    decimals=2,
)


_COUNT = """
SELECT count(*) FILTER (WHERE bit_count(d.bits & %s::bit(100)) >= %s),
       count(*) FILTER (WHERE bit_count(d.bits & %s::bit(100)) >= %s),
       count(DISTINCT d.sheet_id)
FROM directory_sheetday AS d JOIN directory_sheet AS s ON s.id = d.sheet_id
WHERE s.state = %s AND s.commune_id = ANY(%s) AND d.day BETWEEN %s AND %s
"""


def compute(question: Question) -> list[Figure]:
    codes = communes(question)
    people = Commune.objects.filter(pk__in=codes).aggregate(n=Sum("population"))["n"] or 0
    sheets = Sheet.objects.filter(state=SheetState.PUBLISHED, commune__in=codes)
    first = clock.today()
    count, known = _half_days(codes, first)
    total = sheets.count()
    counted = (
        f"{formats.count(known, 'lieu', 'lieux')} d’horaires connus sur {formats.number(total)}, "
        f"{formats.count(people, 'habitant', 'habitants')}"
    )
    if not people or not known:
        return [Figure(HALF_DAYS.key, None, "aucun horaire connu", counted=counted)]
    return [Figure(HALF_DAYS.key, 1000 * count / people, counted=counted)]


def _half_days(codes: list[str], first: date) -> tuple[int, int]:
    """How many, and in how many places."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            [
                *(to_text(MORNING), LEAST_QUARTERS, to_text(AFTERNOON), LEAST_QUARTERS),
                *(SheetState.PUBLISHED, codes, first, first + timedelta(days=6)),
            ],
        )
        mornings, afternoons, sheets = cursor.fetchone()
    return mornings + afternoons, sheets


SECTION = Section("ouvertures", "Ce qui est ouvert", (HALF_DAYS,), compute)
