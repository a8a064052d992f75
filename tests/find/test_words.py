"""Rules and rights in sentences."""

import pytest

from preau.availability.models import OpeningException, OpeningRule
from preau.find.opening_words import exception_words, hour_words, rule_words, weekday_words
from preau.find.words import wall_words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (range(7), "tous les jours"),
        ([0, 1, 2, 3, 4], "du lundi au vendredi"),
        ([5, 6], "les samedi et dimanche"),
        ([2], "le mercredi"),
        ([0, 2, 4], "les lundi, mercredi et vendredi"),
    ],
)
def test_weekdays(days, words):
    assert weekday_words(list(days)) == words


def test_hours():
    assert hour_words(0, 1440) == "toute la journée"
    assert hour_words(1080, 1320).replace("\xa0", " ") == "de 18 h à 22 h"
    assert hour_words(1200, 1560).replace("\xa0", " ") == "de 20 h à 2 h le lendemain"
    assert wall_words(1440) == "minuit"


def test_rules_and_exceptions():
    rule = OpeningRule(
        weekdays=[0, 1, 2, 3, 4],
        start_minute=1080,
        end_minute=1320,
        when="periode_scolaire",
        not_on_public_holidays=True,
        effect="ouvert",
    )
    assert rule_words(rule).replace("\xa0", " ") == (
        "Du lundi au vendredi, de 18 h à 22 h, en période scolaire, sauf les jours fériés"
    )
    from datetime import date

    closed = OpeningException(
        effect="ferme", first_day=date(2026, 12, 24), last_day=date(2026, 12, 31)
    )
    assert exception_words(closed).replace("\xa0", " ") == "Fermé du 24 au 31 décembre 2026"
