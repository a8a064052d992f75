"""Every figure against a count by hand on random projects, and what is kept ahead."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from preau.core import clock
from preau.portfolio.figures import catalogue, summaries, words
from preau.portfolio.figures.base import Figure, Part, Unit
from preau.portfolio.figures.enums import Period, ScopeKind
from preau.portfolio.figures.models import ImpactSummary
from preau.portfolio.figures.scopes import NATION, Scope, population
from preau.projects.models import Project, Recommendation
from tests.portfolio.by_hand import by_hand
from tests.portfolio.random_projects import NOW, fill
from tests.projects.factories import programme
from tests.territories.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
K = ScopeKind


@pytest.fixture
def communes():
    regions = [RegionFactory(code=code, name=f"Région {code}") for code in ("84", "93")]
    spots = [("38", "38185", 0), ("26", "26362", 0), ("13", "13055", 1)]
    return [
        CommuneFactory(
            code=insee,
            departement=DepartementFactory(code=code, name=f"Dép {code}", region=regions[where]),
        )
        for code, insee, where in spots
    ]


def told(figures):
    return {
        key: (one.value, one.numerator, one.denominator, one.waiting)
        for key, one in figures.items()
    }


def near(found, wanted):
    """Equal, but for a tenth lost in rounding a value that falls between two tenths."""
    for key, (value, *counts) in wanted.items():
        assert list(found[key][1:]) == counts, key
        got = found[key][0]
        assert (got is None) == (value is None), key
        if value is not None:
            assert abs(got - value) < 0.1001, (key, got, value)
    assert found.keys() == wanted.keys()


@pytest.mark.parametrize("seed", range(12))
def test_the_nation_counted_by_hand(communes, seed):
    fill(communes, 40, seed)
    found = catalogue.compute(population(NATION, Period.ALL, NOW))
    near(told(found), by_hand(lambda one: True, NOW))


@pytest.mark.parametrize("seed", range(4))
def test_each_scope_and_period(communes, seed):
    fill(communes, 40, 100 + seed)
    made = programme(slug="crte-vert")
    for index, one in enumerate(Project.objects.exclude(state="brouillon").order_by("pk")):
        if index % 3:
            one.programmes.create(
                programme=made, since=NOW.date(), until=None if index % 2 else NOW.date()
            )
    inside = {one.project_id for one in made.projects.filter(until=None)}
    year = NOW - timedelta(days=365)
    asked = [
        (Scope(K.DEPARTEMENT, "38", ""), lambda one: one.departement_code == "38"),
        (Scope(K.REGION, "84", ""), lambda one: one.departement_code in {"38", "26"}),
        (Scope(K.PROGRAMME, "crte-vert", ""), lambda one: one.pk in inside),
        (
            Scope(K.PROGRAMME, "crte-vert", "", frozenset({"38"})),
            lambda one: one.pk in inside and one.departement_code == "38",
        ),
    ]
    for scope, keep in asked:
        near(told(catalogue.compute(population(scope, Period.ALL, NOW))), by_hand(keep, NOW))
        found = catalogue.compute(population(scope, Period.YEAR, NOW))
        near(
            told(found), by_hand(lambda one, keep=keep: keep(one) and one.deposited_at > year, NOW)
        )


def test_parts_add_up_to_the_whole(communes):
    fill(communes, 60, 7)
    found = catalogue.compute(population(NATION, Period.ALL, NOW))
    for key in ("sent", "seen", "answered", "realised", "refused", "blockages", "lifted"):
        one = found[key]
        if key in {"sent", "blockages"}:
            assert sum(part.numerator for part in one.parts) == one.value
        else:
            assert sum(part.numerator for part in one.parts) == one.numerator
            assert sum(part.denominator for part in one.parts) == one.denominator
    kinds = {row.get_kind_display() for row in Recommendation.objects.exclude(state="brouillon")}
    assert {part.label for part in found["sent"].parts} == kinds
    for key in ("advanced_6", "advanced_12"):
        assert sum(part.numerator for part in found[key].parts) == found[key].denominator


def test_nothing_at_all_is_no_value_never_a_zero_of_nothing():
    found = catalogue.compute(population(NATION, Period.ALL, NOW))
    assert found.keys() == catalogue.DEFINITIONS.keys()
    for key, one in found.items():
        unit = catalogue.DEFINITIONS[key].unit
        assert one.value == (0 if unit in {Unit.COUNT, Unit.EUROS} else None), key
        assert one.denominator == 0


def test_as_many_queries_for_two_projects_as_for_sixty(communes, django_assert_num_queries):
    fill(communes, 2, 1)
    with django_assert_num_queries(15):
        catalogue.compute(population(NATION, Period.ALL, NOW))
    fill(communes, 58, 2)
    with django_assert_num_queries(15):
        catalogue.compute(population(NATION, Period.ALL, NOW))


def test_every_figure_is_defined_once_and_whole():
    keys = [one.key for section in catalogue.SECTIONS for one in section.definitions]
    assert len(keys) == len(set(keys))
    for one in catalogue.DEFINITIONS.values():
        assert one.label
        assert one.sentence.endswith(".")
        assert one.denominator
        assert one.population


# --- What is kept ahead


def test_the_hour_keeps_what_counting_says_and_reading_is_one_query(
    communes, django_assert_num_queries
):
    fill(communes, 30, 3)
    programme(slug="crte-vert")
    with clock.frozen(NOW):
        assert summaries.refresh() == 2 * (1 + 2 + 3 + 1)
        assert summaries.refresh() == ImpactSummary.objects.count()
        for scope in summaries.kept_ahead():
            for period in Period:
                with django_assert_num_queries(1):
                    kept = summaries.read(scope, period)
                assert kept.figures == catalogue.compute(population(scope, period, NOW))


def test_what_is_too_old_or_cut_down_is_counted_again(communes):
    fill(communes, 20, 3)
    scope = Scope(K.DEPARTEMENT, "38", "Isère")
    with clock.frozen(NOW):
        summaries.refresh()
    Project.objects.filter(departement_code="38").update(first_advice_at=None)
    with clock.frozen(NOW + timedelta(hours=2)):
        assert summaries.read(scope, Period.ALL).at == NOW
    with clock.frozen(NOW + timedelta(hours=4)):
        reading = summaries.read(scope, Period.ALL)
        assert reading.at > NOW
        assert reading.figures["advised_median"].denominator == 0
    part = Scope(K.NATION, "", "", frozenset({"38"}))
    with clock.frozen(NOW):
        assert summaries.read(part, Period.ALL).figures["advised_median"].denominator == 0
    ImpactSummary.objects.update(figures={"sent": Figure("sent", 1, 1).to_json()})
    with clock.frozen(NOW):  # written by an older version, without today's figures
        assert "helpful" in summaries.read(scope, Period.ALL).figures


def test_one_row_a_scope_and_period():
    one = {"scope": "nation", "code": "", "period": "tout", "figures": {}, "computed_at": NOW}
    ImpactSummary.objects.create(**one)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImpactSummary.objects.create(**one)


def test_words():
    definition = catalogue.DEFINITIONS["lifted_median"]
    figure = Figure("lifted_median", 12.5, 40, waiting=3, parts=(Part("Foncier", 9.0, 4, 4),))
    line = words.line(definition, figure)
    assert line.value == "12,5\u00a0jours"
    assert line.counted == "Blocages levés ou contournés : 40"
    assert line.waiting == "À part, encore bloquants : 3"
    assert line.parts == [("Foncier", "9\u00a0jours", "sur 4")]
    assert words.value_of(None, Unit.PERCENT) == "–"
    assert words.value_of(1234.5, Unit.EUROS) == "1\u202f234,50\u00a0€"
    assert words.value_of(66.7, Unit.PERCENT) == "66,7\u00a0%"
