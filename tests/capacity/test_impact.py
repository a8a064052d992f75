"""Distances avoided against a sum by hand, the factor nobody guesses, before and after."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from preau.accounts.actors import SYSTEM, Actor
from preau.accounts.enums import MembershipRole
from preau.availability.actions.opening import create_calendar, follow
from preau.availability.opening import RuleData
from preau.capacity.actions.impact import follow_change, forget_change, set_factor
from preau.capacity.impact import coming, occupancy
from preau.capacity.impact.base import Question
from preau.capacity.impact.catalogue import SECTIONS, compute
from preau.capacity.queries.scopes import of_area, of_place
from preau.capacity.visits import Visits
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.models import Sheet
from preau.mediation import queries
from preau.territories.areas import area
from preau.territories.distances import km_between
from tests.accounts.factories import MembershipFactory, UserFactory
from tests.availability.factories import EVERY_DAY
from tests.capacity.factories import born, use, write_past
from tests.directory.factories import SheetFactory
from tests.places.factories import PlaceFactory, SpaceFactory

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def by_hand(known, origins, places, others):
    km = 0.0
    for one in known:
        if one.origin not in origins:
            continue
        here = km_between(*origins[one.origin], *places[one.sheet_id])
        best = None
        for pk, at in others.get(one.theme, {}).items():
            if pk == one.sheet_id:
                continue
            there = km_between(*origins[one.origin], *at)
            best = there if best is None else min(best, there)
        if best is not None and best > here:
            km += 2 * (best - here) * one.visits
    return km


def test_distances_avoided_are_those_of_a_sum_by_hand():
    rng = random.Random(6)

    def somewhere():
        return rng.uniform(45, 46), rng.uniform(5, 6)

    for _ in range(50):
        origins = {str(n): somewhere() for n in range(5)}
        places = {n: somewhere() for n in range(4)}
        others = {
            theme: {
                n: places.get(n) or somewhere() for n in rng.sample(range(9), rng.randint(0, 5))
            }
            for theme in "ab"
        }
        known = [
            Visits(rng.randrange(4), rng.choice("abc"), str(rng.randrange(7)), rng.randint(1, 9), 1)
            for _ in range(20)
        ]
        found = coming.avoided(known, origins, places, others)
        assert found.km == pytest.approx(by_hand(known, origins, places, others))
        assert found.counted + found.unknown == sum(one.visits for one in known)


@pytest.fixture
def question(db, monkeypatch):
    """A counter in Grenoble; those of Voreppe used to go further."""
    place = PlaceFactory()
    sheet = SheetFactory(place=place, commune=place.commune)
    rows = [
        Visits(sheet.pk, "sante", place.commune_id, 6, 9),
        Visits(sheet.pk, "sante", "", 4, 4),
    ]
    monkeypatch.setattr(queries, "visits_by_origin", lambda communes, first, last: rows)
    where = of_area(area(f"commune:{place.commune_id}"))
    return Question(where, date(2026, 1, 1), date(2026, 11, 20), inside=True)


def values(question):
    return {key: figure for _, pairs in compute(question) for key, figure in keyed(pairs)}


def keyed(pairs):
    return [(definition.key, figure) for definition, figure in pairs]


def test_unknown_origins_and_services_are_said(question):
    found = values(question)
    assert found["origine_inconnue"].value == pytest.approx(40)
    assert found["services_par_visite"].value == pytest.approx(1.3)
    assert found["distance_evitee"].value == 0
    assert "6 sans autre point connu" in found["distance_evitee"].counted


@pytest.mark.parametrize(
    ("known", "unknown", "hidden"),
    [
        (2, 2, {"distance_evitee", "co2_evite", "origine_inconnue", "services_par_visite"}),
        (1, 9, {"distance_evitee", "co2_evite", "origine_inconnue"}),
        (6, 4, {"origine_inconnue"}),
        (6, 5, set()),
        (6, 0, set()),
    ],
)
def test_figures_of_a_few_are_not_told_outside(question, monkeypatch, known, unknown, hidden):
    set_factor(
        grams_per_km=Decimal("100"),
        source="Base Empreinte",
        since=date(2025, 1, 1),
        actor=Actor(UserFactory(is_operator=True)),
    )
    sheet = Sheet.objects.get()
    rows = [Visits(sheet.pk, "sante", sheet.commune_id, known, known)]
    rows += [Visits(sheet.pk, "sante", "", unknown, unknown)] if unknown else []
    monkeypatch.setattr(queries, "visits_by_origin", lambda communes, first, last: rows)
    outside = Question(question.scope, question.first, question.last)
    told = {figure.key: figure for figure in coming.compute(outside)}
    assert {key for key, one in told.items() if one.words == "moins de 5 visites"} == hidden
    assert not any(told[key].counted for key in hidden)
    if 0 < known < 5:
        assert not any(f"{known}\u00a0visite" in one.counted for one in told.values())
    within = {figure.key: figure for figure in coming.compute(question)}
    assert all(one.value is not None for one in within.values())


def test_kilometres_of_a_few_are_hidden_behind_many_without_another_point(question, monkeypatch):
    """Six visits, of which two alone made the kilometres: they would tell from where."""
    found = coming.Avoided(km=37.2, counted=6, alone=4, unknown=0)
    monkeypatch.setattr(coming, "avoided", lambda *args: found)
    outside = Question(question.scope, question.first, question.last)
    told = {figure.key: figure for figure in coming.compute(outside)}
    assert told["distance_evitee"].value is None


@pytest.mark.django_db
def test_the_people_of_a_place_read_its_few_visits():
    place = PlaceFactory()
    SheetFactory(place=place, commune=place.commune, manager=place.owner)
    mine = MembershipFactory(organization=place.owner)
    other = MembershipFactory()
    where = of_place(place)
    assert coming.reads_small(Actor(mine.user, mine), where)
    assert not coming.reads_small(Actor(other.user, other), where)
    assert not coming.reads_small(
        Actor(mine.user, mine), of_area(area(f"commune:{place.commune_id}"))
    )


def test_no_factor_is_invented(question):
    assert values(question)["co2_evite"].words == "facteur à renseigner"
    operator = Actor(UserFactory(is_operator=True))
    given = {"grams_per_km": Decimal("100"), "source": "Base Empreinte", "since": date(2026, 6, 1)}
    with pytest.raises(Forbidden):
        set_factor(**given, actor=Actor(UserFactory()))
    set_factor(**given, actor=operator)
    found = values(question)["co2_evite"]
    assert found.value == 0
    assert "Base Empreinte" in found.counted
    before = Question(question.scope, date(2026, 1, 1), date(2026, 5, 31))
    assert values(before)["co2_evite"].value is None


@pytest.mark.django_db
def test_nothing_is_counted_of_nobody():
    where = of_area(area(f"commune:{PlaceFactory().commune_id}"))
    found = values(Question(where, date(2026, 1, 1), date(2026, 2, 1)))
    assert found["distance_evitee"].words == coming.NO_VISIT
    assert set(found) == {one.key for section in SECTIONS for one in section.definitions}


@pytest.fixture
def evenings(db):
    """Open in the day for two years, in the evening since June; used an hour a Monday."""
    with clock.frozen(NOON):
        room = SpaceFactory(surface=50)
        born(room, date(2025, 1, 1))
        rules = [
            RuleData(EVERY_DAY, 9 * 60, 12 * 60),
            RuleData(EVERY_DAY, 18 * 60, 20 * 60, valid_from=date(2026, 6, 1)),
        ]
        calendar = create_calendar(room.place, "Horaires", rules, actor=SYSTEM)
        follow(room, calendar, actor=SYSTEM)
        write_past(calendar, date(2025, 1, 1), date(2026, 11, 21))
        monday = date(2026, 6, 1)
        for week in range(4):
            use(room, monday + timedelta(days=7 * week), 18, 19)
            use(room, monday + timedelta(days=7 * week - 364), 9, 11)
        yield room


def test_hours_revealed_then_used(evenings):
    question = Question(of_place(evenings.place), date(2026, 6, 1), date(2026, 6, 28))
    found = {one.key: one for one in occupancy.compute(question)}
    assert found["revelees"].value == pytest.approx(28 * 2 * 50)
    assert found["revelees_occupees"].value == pytest.approx(4 * 50)
    assert found["occupation"].value == pytest.approx(100 * 4 / (28 * 5))
    assert found["occupation"].before == pytest.approx(100 * 8 / (28 * 3))


def test_changes_are_noted_once_by_who_runs_the_place(evenings):
    place = evenings.place
    member = MembershipFactory(organization=place.owner, role=MembershipRole.MANAGER)
    actor = Actor(member.user, member)
    given = {"label": "Soirées", "day": date(2026, 6, 1)}
    with pytest.raises(Forbidden):
        follow_change(place, **given, actor=Actor(UserFactory()))
    change = follow_change(place, **given, actor=actor)
    with pytest.raises(Refusal):
        follow_change(place, **given, actor=actor)
    with pytest.raises(Refusal):
        follow_change(place, label="Demain", day=date(2026, 11, 23), actor=actor)
    forget_change(change, actor=actor)
