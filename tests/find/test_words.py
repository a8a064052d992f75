"""Rules and rights in sentences."""

from preau.availability.models import OpeningException, OpeningRule
from preau.find.opening_words import exception_words, rule_words
from preau.find.words import wall_words


def test_the_end_of_a_day():
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
