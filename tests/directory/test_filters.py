"""The filters of the list against a naive reading of every sheet, on random towns."""

import random

import pytest
from django.db import connection

from preau.accounts.actors import SYSTEM
from preau.core import clock
from preau.directory.actions.sheets import edit_sheet
from preau.directory.enums import Profile, ServiceFamily
from preau.directory.filters import Asked
from preau.directory.models import Sheet
from preau.directory.queries import listing
from preau.directory.queries.now import states_of
from preau.directory.queries.points import existing_points
from preau.places.enums import PlaceKind
from preau.territories.distances import km_between
from preau.territories.names import search_key
from tests.directory.factories import OfferFactory, SheetFactory, line, opened
from tests.directory.test_open_now import OFFICE, at
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
KINDS = [PlaceKind.EPN, PlaceKind.COWORKING, PlaceKind.MEDIATHEQUE]
WORDS = ["Lac", "Gare", "Château", "Parc"]


def some_town(rng):
    for number in range(40):
        make = (lambda **fields: opened(*OFFICE, **fields)) if number % 2 else SheetFactory
        sheet = make(
            name=f"{rng.choice(WORDS)} {number}",
            kind=rng.choice(KINDS),
            main_profile=rng.choice(Profile.values),
            secondary_profiles=rng.sample(Profile.values, rng.randrange(3)),
            is_accessible=rng.choice([None, True, False]),
            latitude=45.1885 + rng.uniform(-0.3, 0.3),
            longitude=5.7245 + rng.uniform(-0.3, 0.3),
        )
        for family in rng.sample(ServiceFamily.values, rng.randrange(3)):
            OfferFactory(sheet=sheet, family=family, theme=rng.choice(["", "mobilite"]))


def naive(asked, sheets):
    now, centre = states_of(sheets), asked.centre
    for one in sheets:
        services = list(one.services.all())
        away = km_between(*centre, one.latitude, one.longitude) if centre else 0
        words = search_key(f"{one.name} {one.commune.name}").split()
        if all(
            (
                away <= asked.km,
                not asked.profile or asked.profile in {one.main_profile, *one.secondary_profiles},
                not asked.kind or one.kind == asked.kind,
                not asked.accessible or one.is_accessible is True,
                not asked.open_now or now[one.pk].is_open is True,
                not asked.family or any(s.family == asked.family for s in services),
                not asked.theme or any(s.theme == asked.theme for s in services),
                not asked.words or search_key(asked.words) in words,
            )
        ):
            yield one.pk


def test_every_filter_alone_and_together():
    rng, commune = random.Random(3), CommuneFactory()
    some_town(rng)
    with clock.frozen(at(16, 10)):
        from preau.directory.opening import rewrite

        sheets = list(Sheet.objects.select_related("commune"))
        rewrite(sheets)
        seen = 0
        for _ in range(60):
            asked = Asked(
                commune=rng.choice([None, commune]),
                km=rng.choice([5, 15, 30]),
                profile=rng.choice(["", *Profile.values]),
                kind=rng.choice(["", "", *KINDS]),
                family=rng.choice(["", "", *ServiceFamily.values]),
                theme=rng.choice(["", "", "mobilite"]),
                words=rng.choice(["", "", "château", "GARE"]),
                open_now=rng.random() < 0.3,
                accessible=rng.random() < 0.3,
            )
            found = set(asked.of().values_list("pk", flat=True))
            assert found == set(naive(asked, sheets)), asked
            seen += len(found)
    assert seen > 50


def test_points_say_when_places_are_open(django_assert_num_queries):
    with clock.frozen(at(16, 10)):
        office = opened(*OFFICE, name="A")
        late = opened(line("13", 17, 20), line("5", 9, 12), name="B", main_profile="travail")
        SheetFactory(name="C")
        OfferFactory(sheet=late, theme="mobilite")
        with django_assert_num_queries(5):
            found = {one.name: one for one in existing_points(["38"])}
        for wanted in ({"profile": "travail"}, {"theme": "mobilite"}):
            assert [one.sheet_id for one in existing_points(["38"], **wanted)] == [late.pk]
    times = {name: (one.weekday, one.evening, one.saturday) for name, one in found.items()}
    assert times == {
        "A": (True, False, False),
        "B": (True, True, True),
        "C": (False, False, False),
    }
    assert existing_points(["73"]) == [] and office.pk == found["A"].sheet_id


def test_words_follow_what_is_edited():
    sheet = SheetFactory(name="Ancien nom")
    edit_sheet(sheet, {"name": "Maison du Vercors"}, actor=SYSTEM)
    assert Asked(words="vercors").of().get() == sheet
    assert not Asked(words="ancien").of().exists()


@pytest.mark.parametrize("after", ["", "1:Médiathèque"])
def test_the_national_list_is_read_in_the_order_of_an_index(after):
    found = listing._from(listing._ordered(Asked().of(), Asked()), after, Asked())
    with connection.cursor() as cursor:
        for what in ("seqscan", "sort", "bitmapscan"):  # a few rows would be sorted
            cursor.execute(f"SET LOCAL enable_{what} = off")
    plan = found[: listing.PAGE + 1].explain()
    assert "sheet_published_name" in plan and "Sort" not in plan
    assert not after or "name >= " in plan.replace("(name)::text", "name")
