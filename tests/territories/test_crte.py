"""CRTE: one a day for a commune, perimeters by file, the past kept."""

import random
from datetime import date, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from preau.core import audit
from preau.core.errors import Refusal
from preau.territories import crte
from preau.territories.crte import PerimeterLine, import_perimeters, read_perimeters
from preau.territories.models import Commune, Crte, CrteMembership, Epci
from preau.territories.perimeters import Span, changes
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
ON = date(2027, 1, 1)
LATER = date(2027, 6, 1)


@pytest.fixture
def communes():
    epci = Epci.objects.create(siren="200030658", name="CC du Trièves", kind="CC")
    names = {"38185": "Grenoble", "38226": "Mens", "38342": "Roissard", "38113": "Clelles"}
    return {
        code: CommuneFactory(code=code, name=name, epci=epci if code != "38185" else None)
        for code, name in names.items()
    }


def lines(*rows):
    """(crte, commune or SIREN)…"""
    key = {5: "insee_com", 9: "siren_epci"}
    return [
        PerimeterLine(
            number,
            {"id_crte": one, "lib_crte": f"CRTE {one}", key.get(len(where), "insee_com"): where},
        )
        for number, (one, where) in enumerate(rows, start=2)
    ]


def seats(code):
    return [
        (one.crte_id, one.since, one.until)
        for one in CrteMembership.objects.filter(commune=code).order_by("since")
    ]


def test_a_file_brings_crte_and_their_communes(communes):
    content = (
        "id_crte;lib_crte;insee_com;siren_epci;date_signature\n"
        "a;Métropole;38185;;15/12/2021\nb;Trièves;;200030658;\n"
    ).encode()
    report = import_perimeters(read_perimeters(content), on=ON)
    assert (report.created, report.entered, report.problems) == (["a", "b"], 4, [])
    assert crte.crte_of("38226", ON) == Crte.objects.get(pk="b")
    assert crte.crte_of("38226", ON - timedelta(1)) is None
    assert Crte.objects.get(pk="a").signed_on == date(2021, 12, 15)
    assert Crte.objects.get(pk="b").region.code == "84"
    assert set(crte.communes_of("b", ON).values_list("pk", flat=True)) == {
        "38226",
        "38342",
        "38113",
    }
    everywhere = dict.fromkeys(("38226", "38342", "38113"), "b")
    assert crte.crtes_of(communes, ON) == {"38185": "a"} | everywhere


def test_again_changes_nothing(communes, django_assert_max_num_queries):
    file = lines(("a", "38185"), ("b", "200030658"))
    import_perimeters(file, on=ON)
    before = list(CrteMembership.objects.order_by("pk").values())
    with django_assert_max_num_queries(12):
        report = import_perimeters(file, on=LATER)
    assert report.changes_nothing
    assert report.unchanged == 4
    assert list(CrteMembership.objects.order_by("pk").values()) == before


def test_who_leaves_and_who_moves_keep_their_past(communes):
    import_perimeters(lines(("a", "38185"), ("b", "38226"), ("b", "38342")), on=ON)
    report = import_perimeters(lines(("a", "38185"), ("a", "38226"), ("b", "38113")), on=LATER)
    assert (report.entered, report.left) == (2, 2)
    assert seats("38226") == [("b", ON, LATER), ("a", LATER, None)]
    assert seats("38342") == [("b", ON, LATER)]
    assert crte.crte_of("38226", LATER - timedelta(1)).pk == "b"
    assert crte.crte_of("38226", LATER).pk == "a"


def test_crte_that_a_file_does_not_name_are_left_alone(communes):
    import_perimeters(lines(("a", "38185"), ("b", "38226")), on=ON)
    import_perimeters(lines(("a", "38342")), on=LATER)
    assert seats("38226") == [("b", ON, None)]
    assert seats("38185") == [("a", ON, LATER)]


def test_put_right_the_same_day_it_never_was(communes):
    import_perimeters(lines(("a", "38185")), on=ON)
    import_perimeters(lines(("b", "38185")), on=ON)
    assert seats("38185") == [("b", ON, None)]


def test_a_wrong_line_is_said_and_nobody_leaves_by_it(communes):
    import_perimeters(lines(("a", "38185"), ("b", "38226")), on=ON)
    wrong = lines(("a", "38999"), ("a", "38342"), ("b", "38113"), ("b", "999999999"), ("", "38185"))
    report = import_perimeters(wrong, on=LATER)
    assert [(one.number, one.column) for one in report.problems] == [
        (2, "insee_com"),
        (5, "siren_epci"),
        (6, "id_crte"),
    ]
    assert "38999" in report.problems[0].sentence
    assert report.incomplete == ["a", "b"]
    assert seats("38185") == [("a", ON, None)]
    assert seats("38342") == [("a", LATER, None)]
    assert seats("38226") == [("b", ON, None)]


def test_a_commune_in_two_crte_of_one_file_keeps_the_first(communes):
    report = import_perimeters(lines(("a", "38185"), ("b", "38185")), on=ON)
    assert "déjà dans a à la ligne 2" in report.problems[0].sentence
    assert seats("38185") == [("a", ON, None)]


def test_what_is_known_of_later_days_is_not_rewritten(communes):
    import_perimeters(lines(("a", "38185")), on=LATER)
    report = import_perimeters(lines(("b", "38185")), on=ON)
    assert "plus récente" in report.problems[0].sentence
    assert seats("38185") == [("a", LATER, None)]
    assert not Crte.objects.filter(pk="b").exists()


def test_a_retired_commune_says_what_to_write(communes):
    Commune.objects.filter(pk="38226").update(active=False)
    report = import_perimeters(lines(("a", "38226")), on=ON)
    assert "n’est plus en vigueur" in report.problems[0].sentence


def test_a_dry_run_says_the_same_and_writes_nothing(communes):
    file = lines(("a", "38185"), ("b", "38226"), ("b", "00000"))
    dry = import_perimeters(file, on=ON, dry_run=True)
    assert not Crte.objects.exists()
    done = import_perimeters(file, on=ON)
    assert (dry.created, dry.entered, dry.problems) == (done.created, done.entered, done.problems)


def test_the_journal_says_who(communes, django_user_model):
    class Somebody:
        user_id = django_user_model.objects.create_user("anne@exemple.fr").pk
        organization_id = None

    import_perimeters(lines(("a", "38185")), on=ON, actor=Somebody())
    [event] = audit.history(Crte.objects.get(pk="a"))
    assert (event.user.email, event.data["entered"]) == ("anne@exemple.fr", 1)


def test_the_database_refuses_two_crte_at_once(communes):
    first, second = (
        Crte.objects.create(code=code, name=code, departement_id="38") for code in "ab"
    )
    CrteMembership.objects.create(crte=first, commune_id="38185", since=ON)
    for since, until in ((LATER, None), (ON - timedelta(9), ON + timedelta(1)), (ON, ON)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CrteMembership.objects.create(crte=second, commune_id="38185", since=since, until=until)
    CrteMembership.objects.create(
        crte=second, commune_id="38185", since=ON - timedelta(9), until=ON
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id_crte;insee_com\na;38185", "Il manque des colonnes : lib_crte"),
        (b"id_crte;lib_crte\na;b", "insee_com .* ou siren_epci"),
        (b"", "vide"),
    ],
)
def test_a_file_that_is_not_one(content, sentence):
    with pytest.raises(Refusal, match=sentence):
        read_perimeters(content)


def test_the_command_says_what_it_does(communes, tmp_path):
    file = tmp_path / "crte.csv"
    file.write_text("id_crte;lib_crte;insee_com\na;A;38185\na;A;99999\n")
    out, errors = StringIO(), StringIO()
    call_command(
        "load_crte", str(file), "--on", "2027-01-01", "--dry-run", stdout=out, stderr=errors
    )
    assert "would change" in out.getvalue()
    assert "line 3" in errors.getvalue()
    assert not Crte.objects.exists()
    call_command("load_crte", str(file), stdout=out, stderr=errors)
    assert Crte.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("load_crte", str(tmp_path / "none.csv"))


# --- The rule against an oracle that keeps every day apart


def by_day(spans, days):
    return {day: {one.seat: one.owner for one in spans if one.covers(day)} for day in days}


def apply(spans, found, on, ids):
    gone = {one.pk for one in (*found.leaving, *found.erased)}
    kept = [one for one in spans if one.pk not in gone]
    kept += [Span(one.pk, one.seat, one.owner, one.since, on) for one in found.leaving]
    return kept + [Span(next(ids), seat, owner, on) for seat, owner in found.entering.items()]


def test_any_series_of_files_gives_what_each_said_from_its_day_on():
    drawn = random.Random(3)
    days = [ON + timedelta(n) for n in range(8)]
    for _ in range(300):
        spans, truth, ids = [], {day: {} for day in days}, iter(range(10**6))
        for on in sorted(drawn.choices(days, k=4)):
            named = drawn.sample("abc", 2)
            wanted = {seat: drawn.choice(named) for seat in drawn.sample(range(5), 3)}
            spans = apply(spans, changes(spans, wanted, on, complete=named), on, ids)
            for day in days:
                if day >= on:
                    kept = {s: o for s, o in truth[day].items() if o not in named}
                    truth[day] = kept | wanted
        assert by_day(spans, days) == truth
        for seat in range(5):
            mine = sorted((one for one in spans if one.seat == seat), key=lambda one: one.since)
            assert all(a.until is not None and a.until <= b.since for a, b in pairwise(mine))
