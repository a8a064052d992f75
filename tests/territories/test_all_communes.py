"""Everything that needs the complete data: loaded once for this module, then emptied."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Q, Sum

from preau.territories import loading
from preau.territories.distances import km_between
from preau.territories.models import Commune, DataVersion, Departement, Epci, Region
from preau.territories.queries import communes_within, nearest_commune, resolve, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _all_communes(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_territories", force=True, stdout=StringIO())
        yield
        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE territories_region, territories_schoolholiday, territories_dataversion"
                " CASCADE"
            )


def names_of(text, limit=10):
    return [commune.name for commune in suggest(text, limit)]


def test_the_archive_is_small():
    assert loading.ARCHIVE.stat().st_size <= 2_000_000


def test_counts():
    assert Commune.objects.count() == 34_963
    assert Departement.objects.count() == 107
    assert Region.objects.count() == 24
    assert Epci.objects.count() == 1_255
    assert Commune.objects.filter(departement="38").count() == 512
    assert 66_000_000 < Commune.objects.aggregate(all=Sum("population"))["all"] < 71_000_000


def test_members_of_the_epcis():
    metropole = Epci.objects.get(communes="38185")
    assert metropole.name == "Grenoble-Alpes-Métropole"
    assert metropole.kind == "METRO"
    assert metropole.departement_id == "38"
    assert metropole.communes.count() == 49
    assert not Epci.objects.annotate(n=Count("communes")).filter(n__lt=2).exists()
    alone = Commune.objects.filter(epci=None).values_list("departement", flat=True)
    assert {code for code in alone if not code.startswith("9")} == {"22", "29", "85"}


@pytest.mark.parametrize(
    ("code", "name", "zone", "time_zone", "postcode"),
    [
        ("38185", "Grenoble", "A", "Europe/Paris", "38000"),
        ("35238", "Rennes", "B", "Europe/Paris", "35000"),
        ("75056", "Paris", "C", "Europe/Paris", "75020"),
        ("69123", "Lyon", "A", "Europe/Paris", "69009"),
        ("13055", "Marseille", "B", "Europe/Paris", "13016"),
        ("2A004", "Ajaccio", "CORSE", "Europe/Paris", "20090"),
        ("97411", "Saint-Denis", "REUNION", "Indian/Reunion", "97400"),
        ("97209", "Fort-de-France", "MARTINIQUE", "America/Martinique", "97200"),
        ("97105", "Basse-Terre", "GUADELOUPE", "America/Guadeloupe", "97100"),
        ("97302", "Cayenne", "GUYANE", "America/Cayenne", "97300"),
        ("97611", "Mamoudzou", "MAYOTTE", "Indian/Mayotte", "97600"),
        ("97502", "Saint-Pierre", "SAINT_PIERRE_ET_MIQUELON", "America/Miquelon", "97500"),
        ("97701", "Saint-Barthélemy", "SAINT_BARTHELEMY", "America/St_Barthelemy", "97133"),
        ("97801", "Saint-Martin", "SAINT_MARTIN", "America/Marigot", "97150"),
        ("98613", "Uvea", "WALLIS_ET_FUTUNA", "Pacific/Wallis", "98600"),
        ("98735", "Papeete", "POLYNESIE", "Pacific/Tahiti", "98714"),
        ("98731", "Nuku-Hiva", "POLYNESIE", "Pacific/Marquesas", "98742"),
        ("98719", "Gambier", "POLYNESIE", "Pacific/Gambier", "98755"),
        ("98818", "Nouméa", "NOUVELLE_CALEDONIE", "Pacific/Noumea", "98800"),
    ],
)
def test_known_communes(code, name, zone, time_zone, postcode):
    commune = Commune.objects.get(code=code)
    assert (commune.name, commune.school_zone, commune.time_zone) == (name, zone, time_zone)
    assert postcode in commune.postcodes


def test_every_time_zone_exists_and_the_marquises_are_half_an_hour_off():
    used = set(Commune.objects.values_list("time_zone", flat=True).distinct())
    assert len(used) == 14
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    offsets = {name: noon.astimezone(zoneinfo.ZoneInfo(name)).utcoffset() for name in used}
    assert offsets["Pacific/Marquesas"] == -timedelta(hours=9, minutes=30)
    assert offsets["Pacific/Noumea"] == timedelta(hours=11)
    assert offsets["America/Miquelon"] == -timedelta(hours=2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_timezone_names WHERE name = ANY(%s)", [list(used)])
        assert cursor.fetchone() == (14,)


def test_a_zone_of_a_departement_is_that_of_its_communes():
    odd = Commune.objects.exclude(school_zone=F("departement__school_zone"))
    assert not odd.exists()


def test_every_commune_stands_near_its_departement():
    """A position wrong by a sign or by swapped coordinates would be far from the others'."""
    places = {}
    for code, lat, lon in Commune.objects.values_list("departement", "latitude", "longitude"):
        places.setdefault(code, []).append((lat, lon))
    for code, points in places.items():
        middle = sorted(points)[len(points) // 2]
        # Polynésie is as wide as Europe; Saint-Pierre, Guadeloupe and the like are small.
        reach = 2_000 if code == "987" else 400
        far = [point for point in points if km_between(*middle, *point) > reach]
        assert not far, f"{code}: {far}"


def test_town_halls_stand_in_their_commune():
    rows = Commune.objects.exclude(hall_latitude=None).values_list(
        "code", "latitude", "longitude", "hall_latitude", "hall_longitude"
    )
    assert len(rows) > 32_000
    far = {code for code, *place in rows if km_between(*place) > 30}
    assert all(code.startswith("97") for code in far), far  # Guyane's communes are vast


def test_every_commune_has_a_postcode_and_most_an_email():
    assert not Commune.objects.filter(postcodes=[]).exists()
    assert Commune.objects.exclude(official_email="").count() > 34_000


def test_loading_twice_changes_nothing():
    before = DataVersion.objects.get(name="territories")
    assert not loading.load_territories()
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(xmin::text::bigint) FROM territories_commune")
        newest = cursor.fetchone()
        assert loading.load_territories(force=True)
        cursor.execute("SELECT max(xmin::text::bigint) FROM territories_commune")
        assert cursor.fetchone() == newest  # compared again, and no row written
    assert DataVersion.objects.get(name="territories").digest == before.digest
    out = StringIO()
    call_command("load_territories", stdout=out)
    assert out.getvalue() == "Territories: already loaded.\n"


def test_what_differs_is_put_right_and_what_has_gone_is_retired():
    Commune.objects.filter(code="38185").update(name="Cularo", search_key="cularo")
    grenoble = Commune.objects.get(code="38185")
    grenoble.pk, grenoble.name, grenoble.search_key = "38999", "Disparue", "disparue"
    grenoble.save(force_insert=True)
    loading.load_territories(force=True)
    assert Commune.objects.get(code="38185").name == "Grenoble"
    assert not Commune.objects.get(code="38999").active
    assert suggest("disparue") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("grenoble", "Grenoble"),
        ("GREN", "Grenoble"),
        ("Grnoble", "Grenoble"),
        ("Grenobel", "Grenoble"),
        ("marseile", "Marseille"),
        ("Villeurbane", "Villeurbanne"),
        ("lyno", "Lyon"),
        ("St Martin d'Heres", "Saint-Martin-d'Hères"),
        ("saint martin dheres", "Saint-Martin-d'Hères"),
        ("siant-martin-d’hères", "Saint-Martin-d'Hères"),
        ("ste foy les lyon", "Sainte-Foy-lès-Lyon"),
        ("lhay les roses", "L'Haÿ-les-Roses"),
        ("havre", "Le Havre"),
        ("rochelle", "La Rochelle"),
        ("mans", "Le Mans"),
        ("noumea", "Nouméa"),
        ("papete", "Papeete"),
        ("38000", "Grenoble"),
        ("3840", "Saint-Martin-d'Hères"),
        ("38000 gren", "Grenoble"),
        ("69003", "Lyon"),
        ("974", "Saint-Denis"),
        ("2A", "Ajaccio"),
        ("pari", "Paris"),
        ("s", "Strasbourg"),
    ],
)
def test_first_suggestion(text, name):
    assert names_of(text)[0] == name


def test_most_populated_first():
    populations = [commune.population for commune in suggest("saint-den")][:5]
    assert suggest("saint-den")[0].departement_id == "974"
    whole = [commune for commune in suggest("saint denis", 5) if commune.name == "Saint-Denis"]
    assert [c.departement_id for c in whole][:2] == ["974", "93"]
    assert populations[0] == max(populations)


def test_suggestions_are_few_and_distinct():
    for text in ("s", "saint", "a", "la", "38", "380", "grenade", "ville"):
        codes = [commune.code for commune in suggest(text)]
        assert 0 < len(codes) <= 10
        assert len(codes) == len(set(codes))
    assert len(suggest("ville", 3)) == 3


@pytest.mark.parametrize(
    "text",
    ["", "   ", "-", "\x00", "٣٨٠٠٠", "%", "_", "'; DROP TABLE", "99999", "zzzzzz", "é" * 5000],
)
def test_nonsense_suggests_nothing(text):
    assert suggest(text) == []
    assert resolve(text) is None


def test_few_queries(django_assert_max_num_queries):
    for text in ("grenobel", "38000", "380", "s", "38000 gren"):
        with django_assert_max_num_queries(5):
            [commune.departement.name for commune in suggest(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Grenoble", "38185"),
        ("38000", "38185"),
        ("38000 Grenoble", "38185"),
        ("Grenoble 38000", "38185"),
        ("Grenoble, France", "38185"),
        ("grenoble 99999", "38185"),
        ("Saint-Martin-d'Hères (38)", "38421"),
        ("st denis (974)", "97411"),
        ("Saint-Denis 93", "93066"),
        ("38185", "38185"),
        ("2a004", "2A004"),
        ("Paris 12", "75056"),
        ("Paris 12e arrondissement", "75056"),
        ("75012 Paris", "75056"),
        ("Lyon 3ème", "69123"),
        ("98800 Nouméa", "98818"),
    ],
)
def test_resolve(text, code):
    assert resolve(text).code == code


def test_nearest_commune():
    assert nearest_commune(45.19, 5.72).code == "38185"
    assert nearest_commune(-22.27, 166.45).code == "98818"
    assert nearest_commune(-14.3, 179.9).code == "98612"  # across the date line
    assert nearest_commune(44.65, -63.57).departement_id == "975"  # Halifax
    assert nearest_commune(35.7, 139.7) is None


def test_communes_within():
    found = communes_within(45.19, 5.72, 5)
    assert [commune.name for commune, _ in found][:2] == ["Grenoble", "La Tronche"]
    distances = [km for _, km in found]
    assert distances == sorted(distances)
    assert distances[-1] <= 5
    everywhere = Commune.objects.values_list("code", "latitude", "longitude")
    wanted = {code for code, lat, lon in everywhere if km_between(45.19, 5.72, lat, lon) <= 25}
    assert {commune.code for commune, _ in communes_within(45.19, 5.72, 25)} == wanted


@pytest.mark.parametrize(
    "values",
    [
        {"latitude": 91},
        {"longitude": -181},
        {"population": -1},
        {"school_zone": "D"},
        {"hall_latitude": None, "hall_longitude": 3.0},
    ],
)
def test_the_database_refuses_impossible_communes(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Commune.objects.filter(code="38185").update(**values)


def test_indexes_serve_the_searches():
    """No sequential scan of all communes, whatever is typed."""
    for condition in (
        Q(search_key__startswith="grenob"),
        Q(search_key__contains=" heres"),
        Q(typo_keys__overlap=["grenob", "grnoble"]),
        Q(postcodes__contains=["38000"]),
        Q(postcode_starts__contains=["380"]),
    ):
        assert "Seq Scan" not in Commune.objects.filter(condition).explain()
