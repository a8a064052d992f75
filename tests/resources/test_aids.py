"""The mirror of Aides-territoires: what is read, what is refused, what goes, and twice."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from preau.core import clock
from preau.resources import queries
from preau.resources.enums import ResourceKind, ResourceState, Source
from preau.resources.loading import load_aids
from preau.resources.loading.html_text import text_of
from preau.resources.models import Entry, Resource
from tests.resources.answers import aid, page
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
DAY = date(2027, 1, 15)


@pytest.fixture
def grenoble():
    return CommuneFactory()


def mirrored():
    return Resource.objects.filter(source=Source.AIDES_TERRITOIRES).order_by("source_id")


def test_an_aid_is_read_whole(grenoble):
    report = load_aids([page(aid(12))])
    assert (report.created, report.skipped) == (1, [])
    assert not report.unknown_words
    assert not report.unknown_areas
    one = mirrored().get()
    assert (one.state, one.kind, one.source_id) == (ResourceState.PUBLISHED, "aide", "12")
    assert one.body == "Une aide aux communes.\n– études\n– travaux"
    assert one.eligibility == "Voir les règles (https://exemple.fr/regles)"
    assert one.provider_name == "Conseil départemental de l'Isère"
    assert one.areas == ["departement:38"]
    assert one.themes == ["logement", "energie", "education", "amenagement"]
    assert one.blockage_kinds == ["financement", "foncier"]
    assert one.phases == ["idee", "etude", "operation"]
    assert one.audiences == ["commune", "epci"]
    assert one.aid_types == ["grant"]
    assert (one.rate_min, one.rate_max, one.rate_note) == (20, 60, "Selon la richesse")
    assert (one.opens_on, one.closes_on) == (date(2026, 1, 1), date(2027, 6, 30))
    assert one.recurrence == "oneoff"
    assert one.source_url == "https://aides-territoires.beta.gouv.fr/aides/aide-12/"
    assert one.snapshot["contact"] == "<p>M. Martin, 04 76 00 00 00</p>"
    found = queries.for_need(
        themes=["energie"], blockage_kind="financement", commune_codes=["38185"], on=DAY
    )
    assert [candidate.resource for candidate in found] == [one]


def test_slugs_of_newer_answers_are_read_too(grenoble):
    newer = aid(
        targeted_audiences=["commune", "public-org"],
        aid_types=[{"id": 1, "name": "technical-engineering"}],
        mobilization_steps=["preop"],
        recurrence="ongoing",
    )
    assert not load_aids([page(newer)]).unknown_words
    one = mirrored().get()
    assert one.audiences == ["commune", "public-org"]
    assert (one.kind, one.aid_types) == (ResourceKind.ENGINEERING, ["technical-engineering"])
    assert (one.blockage_kinds, one.recurrence) == (["ingenierie"], "ongoing")
    assert one.phases == ["idee", "etude"]


def test_twice_changes_nothing(grenoble):
    load_aids([page(aid(1), aid(2))])
    before = list(Resource.objects.values())
    report = load_aids([page(aid(1), aid(2))])
    assert (report.unchanged, report.created, report.updated, report.retired) == (2, 0, 0, 0)
    assert list(Resource.objects.values()) == before
    assert Entry.objects.count() == 2


def test_what_changes_there_changes_here_with_its_history(grenoble):
    load_aids([page(aid(1))])
    report = load_aids([page(aid(1, subvention_rate_upper_bound=80))])
    assert (report.updated, report.created) == (1, 0)
    one = mirrored().get()
    assert one.rate_max == 80
    assert one.entries.first().changed == ["rate_max"]


def test_what_is_gone_is_put_away_and_comes_back(grenoble):
    load_aids([page(aid(1), aid(2))])
    report = load_aids([page(aid(1))])
    assert report.retired == 1
    assert [one.state for one in mirrored()] == ["publiee", "archivee"]
    report = load_aids([page(aid(1), aid(2))])
    assert (report.unchanged, report.updated) == (1, 1)
    assert [one.state for one in mirrored()] == ["publiee", "publiee"]


def test_a_part_of_the_answer_puts_nothing_away(grenoble):
    load_aids([page(aid(1), aid(2))])
    report = load_aids([page(aid(1), count=2)])
    assert report.retired == 0
    assert "not whole" in report.warnings[0]
    assert [one.state for one in mirrored()] == ["publiee", "publiee"]
    assert load_aids([page(aid(1), count=2)], force=True).retired == 1


def test_a_cut_answer_that_says_it_is_whole_is_not_believed(grenoble):
    load_aids([page(*(aid(n) for n in range(12)))])
    report = load_aids([page(aid(1))])
    assert report.retired == 0
    assert "--force" in report.warnings[0]
    assert mirrored().filter(state="publiee").count() == 12


def test_pages_are_one_answer(grenoble):
    report = load_aids([page(aid(1), count=3), page(aid(2), count=3), page(aid(3), count=3)])
    assert (report.created, report.warnings) == (3, [])
    assert load_aids([page(aid(1), count=2), page(aid(2), count=2)]).retired == 1


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"name": ""}, "no name"),
        ({"name": "<p> </p>"}, "no name"),
        ({"name": None}, "no name"),
        ({"name": 5}, "name is no text"),
        ({"description": ["a"]}, "description is no text"),
        ({"categories": "Énergies"}, "categories is no list"),
        ({"submission_deadline": "demain"}, "submission_deadline is no date"),
        ({"subvention_rate_upper_bound": "beaucoup"}, "is no number"),
        ({"subvention_rate_upper_bound": 250}, "is no percentage"),
        ({"loan_amount": -1}, "is no amount"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_loaded(grenoble, bad, why):
    report = load_aids([page(aid(1), aid(2, **bad), aid(3))])
    assert report.created == 2
    [(which, said)] = report.skipped
    assert which == "aid 2"
    assert why in said


def test_a_line_that_turned_bad_keeps_what_was_known(grenoble):
    load_aids([page(aid(1), aid(2))])
    report = load_aids([page(aid(1), aid(2, name=""))])
    assert report.retired == 0
    assert mirrored().filter(state="publiee").count() == 2


@pytest.mark.parametrize("line", [None, "x", 3, [], {}, {"id": None}, {"id": True}, {"id": ""}])
def test_a_line_without_number_is_skipped(grenoble, line):
    report = load_aids([page(line, aid(2))])
    assert (report.created, report.skipped) == (1, [("line 1", "no id")])


@pytest.mark.parametrize("whole", [None, [], {}, {"results": "x"}, {"detail": "401"}])
def test_an_answer_without_results_puts_nothing_away(grenoble, whole):
    load_aids([page(aid(1))])
    report = load_aids([whole])
    assert report.skipped == [("a page", "no list of results in it")]
    assert mirrored().get().state == "publiee"


def test_an_empty_answer_puts_nothing_away(grenoble):
    load_aids([page(aid(1))])
    assert load_aids([page()]).retired == 0


def test_the_same_aid_twice_in_an_answer_is_one(grenoble):
    report = load_aids([page(aid(1), aid(1, name="Autre"))])
    assert (report.created, report.skipped) == (1, [("aid 1", "twice in the answer")])


def test_dates_upside_down_and_rates_reversed_are_put_right(grenoble):
    odd = aid(
        start_date="2028-01-01", subvention_rate_lower_bound=80, subvention_rate_upper_bound=20
    )
    assert load_aids([page(odd)]).skipped == []
    one = mirrored().get()
    assert (one.opens_on, one.closes_on) == (None, date(2027, 6, 30))
    assert (one.rate_min, one.rate_max) == (20, 80)


@pytest.mark.parametrize(
    ("perimeter", "scale", "areas"),
    [
        ("France", "Pays", ["fr"]),
        ("Europe", "Continent", ["fr"]),
        ("Auvergne-Rhône-Alpes", "Région", ["region:84"]),
        ("isere", "Département", ["departement:38"]),
        ("Grenoble (Commune – 38000)", "Commune", ["commune:38185"]),
        ("Grenoble", "Commune", ["commune:38185"]),
        ("Rhône-Méditerranée", "Bassin hydrographique", []),
        ("Massif des Alpes", "Périmètre Ad-hoc", []),
        ("Villeneuve-de-nulle-part", "Commune", []),
        ("", "", []),
    ],
)
def test_perimeters(grenoble, perimeter, scale, areas):
    report = load_aids([page(aid(perimeter=perimeter, perimeter_scale=scale))])
    assert mirrored().get().areas == areas
    assert bool(report.unknown_areas) is not bool(areas)


def test_an_aid_we_cannot_place_is_proposed_to_nobody(grenoble):
    load_aids([page(aid(perimeter="Massif", perimeter_scale="Périmètre Ad-hoc"))])
    assert queries.for_need(commune_codes=["38185"], on=DAY) == []


def test_what_we_have_no_word_for_is_counted(grenoble):
    report = load_aids([page(aid(categories=["Divers / Autre chose"], aid_types=["Troc"]))])
    assert report.unknown_words == {"Divers / Autre chose": 1, "Troc": 1}
    assert any("Troc" in line for line in report.lines())


HOSTILE = (
    '<script>alert(1)</script><p onclick="x()">Bon<img src=x onerror=alert(1)>jour</p>'
    '<a href="javascript:alert(1)">ici</a><style>p{}</style>\x00\u202e'
)


def test_nothing_of_their_html_can_act(grenoble, client):
    load_aids(
        [
            page(
                aid(
                    1,
                    description=HOSTILE,
                    name="<script>alert(1)</script>Aide",
                    origin_url="javascript:alert(1)",
                )
            )
        ]
    )
    one = mirrored().get()
    assert one.body == "Bonjour\n\nici"
    assert (one.title, one.url) == ("Aide", "")
    shown = client.get(f"/ressources/{one.pk}/").content.decode()
    assert "alert(1)" not in shown
    assert "onerror" not in shown


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_out_plain(html):
    text = text_of(html)
    assert "\x00" not in text
    assert "\n\n\n" not in text


def test_the_command_tells_what_it_did(grenoble, tmp_path, capsys):
    file = tmp_path / "aids.json"
    file.write_text(json.dumps([page(aid(1), aid(2, name=""), count=2)]), "utf-8")
    call_command("load_aids", str(file))
    said = capsys.readouterr().out
    assert "read 2: created 1" in said
    assert "skipped aid 2: no name" in said
    file.write_text("{", "utf-8")
    with pytest.raises(CommandError):
        call_command("load_aids", str(file))


def test_an_expired_aid_that_is_back_is_shown(grenoble):
    load_aids([page(aid(1))])
    mirrored().update(state="perimee")
    load_aids([page(aid(1, name="Autre nom"))])
    assert mirrored().get().state == "publiee"


def test_when_it_was_read_is_kept(grenoble):
    at = clock.now()
    load_aids([page(aid(1))], fetched_at=at)
    assert mirrored().get().fetched_at == at
