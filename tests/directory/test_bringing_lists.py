"""Bringing a list in: every line said, nothing else lost, twice is once, and a way back."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from openpyxl import Workbook

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole, OrganizationKind
from preau.core import clock
from preau.core.errors import Forbidden, Refusal
from preau.directory.actions.sheets import edit_sheet
from preau.directory.bringing import actions, running
from preau.directory.bringing.enums import BatchState, Doubles, LineState
from preau.directory.bringing.giving_back import list_file
from preau.directory.bringing.tasks import bring_in, give_up_silent
from preau.directory.enums import ChangeCause, SheetState
from preau.directory.formats.data_es import DATA_ES
from preau.directory.formats.files import csv_text
from preau.directory.formats.mednum import MEDNUM
from preau.directory.models import (
    ListColumn,
    ServiceOffer,
    Sheet,
    SheetBatch,
    SheetDay,
    SheetPair,
    SheetReference,
)
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.directory.factories import SheetFactory
from tests.directory.test_formats_lists import (
    DATA_ES_ROW,
    MEDNUM_ROW,
    SERVICE,
    STRUCTURE,
)
from tests.territories.factories import CommuneFactory

pytestmark = pytest.mark.django_db
REAL = Path(settings.BASE_DIR).parent / "shared/data/france-services-2022-12.csv"
S, L = BatchState, LineState
DEFAULTS = {
    "kind": "maison_services",
    "main_profile": "mediation",
    "services": [{"family": "public_social", "name": "Aide aux démarches"}],
}
HEADINGS = "id_fs;lib_fs;adresse;insee_com;latitude;longitude;telephone;h_lundi;h_mardi;itinerance"
GOOD = (
    "1;Maison des services de Mens;2 rue Bon;38226;44.817;5.75;04 76 00 00 01;09:00-12:00;-;Non",
    "2;Bus des services;;38185;45.188;5.724;04 76 00 00 02;9h-12h / 14h-17h;sur rdv;Oui",
)
BAD = (
    "3;Inversée;;38185;5.724;45.188;;;;Non",
    "4;Sans commune;;99999;;;;;;Non",
)


@pytest.fixture(autouse=True)
def here():
    CommuneFactory(code="38226", name="Mens", latitude=44.817, longitude=5.75)
    CommuneFactory(code="38185", name="Grenoble", latitude=45.188, longitude=5.724)


@pytest.fixture
def operator():
    return Actor(UserFactory(is_operator=True))


def table(*lines: str) -> bytes:
    return "\n".join([HEADINGS, *lines]).encode()


def send(content: bytes, actor: Actor, **more) -> SheetBatch:
    said = {"source": "France services", "licence": "lo", "defaults": DEFAULTS} | more
    return actions.read_file(content, "liste.csv", actor=actor, **said)


def check(batch: SheetBatch, actor: Actor, doubles: str = Doubles.ATTACH) -> SheetBatch:
    actions.match(batch, batch.mapping, actor=actor, doubles=doubles)
    return done(batch, actions.begin_check, actor)


def done(batch: SheetBatch, verb, actor: Actor, **more) -> SheetBatch:
    assert verb(batch, actor=actor, **more)
    batch.refresh_from_db()
    actions.work(batch, actor=actor)
    batch.refresh_from_db()
    return batch


def brought(content: bytes, actor: Actor, doubles: str = Doubles.ATTACH, **more) -> SheetBatch:
    batch = check(send(content, actor, **more), actor, doubles)
    return done(batch, actions.begin_run, actor, without_wrong=True)


def states(batch: SheetBatch) -> dict[int, str]:
    return dict(batch.lines.values_list("number", "state"))


def test_a_table_comes_in_by_its_columns(operator):
    batch = check(send(table(*GOOD), operator), operator)
    assert batch.mapping == [
        *("id", "name", "address", "code", "latitude", "longitude", "phone", "h0", "h1"),
        "is_itinerant",
    ]
    assert actions.outcome(batch) == {L.TO_DO: 2, "expected_creer": 2}
    assert not Sheet.objects.exists()
    done(batch, actions.begin_run, operator)
    first, second = Sheet.objects.order_by("pk")
    assert (first.name, first.slug) == (
        "Maison des services de Mens",
        "maison-des-services-de-mens-mens",
    )
    assert first.is_located and first.commune_id == "38226" and first.departement_code == "38"
    assert second.is_itinerant and second.hours_text == "Sur rendez-vous : mardi."
    assert [one.weekdays for one in second.hours.all()] == [[0], [0]]
    assert SheetDay.objects.filter(sheet=first).exists()
    assert ServiceOffer.objects.filter(name="Aide aux démarches").count() == 2
    assert first.changes.get().cause == ChangeCause.IMPORTED
    assert "demarches" in first.search_key
    assert SheetReference.objects.filter(source="france-services").count() == 2


def test_a_second_import_changes_nothing_and_a_changed_line_is_told(operator):
    brought(table(*GOOD), operator)
    again = brought(table(*GOOD), operator)
    assert set(states(again).values()) == {L.SAME}
    assert Sheet.objects.count() == 2
    changed = GOOD[0].replace("de Mens;", "du Trièves;").replace("09:00-12:00", "09:00-12:30")
    third = brought(table(changed, GOOD[1]), operator)
    assert states(third) == {2: L.UPDATED, 3: L.SAME}
    sheet = Sheet.objects.get(name="Maison des services du Trièves")
    assert sheet.hours.get().end_minute == 750
    told = sheet.changes.exclude(fields__has_key="state")
    assert {name for one in told for name in one.fields} >= {"name", "hours"}
    assert set(told.values_list("cause", flat=True)) == {ChangeCause.IMPORTED}


def test_what_somebody_has_corrected_since_is_kept(operator):
    brought(table(*GOOD), operator)
    sheet = Sheet.objects.get(phone="04 76 00 00 01")
    edit_sheet(sheet, {"phone": "04 76 99 99 99"}, actor=operator)
    changed = GOOD[0].replace("2 rue Bon", "3 rue Bon")
    brought(table(changed, GOOD[1]), operator)
    sheet.refresh_from_db()
    assert (sheet.phone, sheet.address) == ("04 76 99 99 99", "3 rue Bon")


def test_wrong_lines_stop_all_until_somebody_does_without_them(operator):
    batch = check(send(table(*GOOD, *BAD), operator), operator)
    assert states(batch) == {2: L.TO_DO, 3: L.TO_DO, 4: L.REJECTED, 5: L.REJECTED}
    problems = dict(batch.lines.filter(state=L.REJECTED).values_list("number", "problems"))
    assert "inversées" in problems[4][0][1]
    assert "99999" in problems[5][0][1]
    with pytest.raises(Refusal) as refused:
        actions.begin_run(batch, actor=operator)
    assert refused.value.code == "wrong_lines"
    assert not Sheet.objects.exists()
    done(batch, actions.begin_run, operator, without_wrong=True)
    assert Sheet.objects.count() == 2


def test_an_identifier_given_twice_is_said(operator):
    batch = check(send(table(GOOD[0], GOOD[0]), operator), operator)
    assert states(batch) == {2: L.TO_DO, 3: L.REJECTED}


def test_an_identifier_given_twice_in_two_parts_is_said(operator, monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    batch = check(send(table(GOOD[0], GOOD[0]), operator), operator)
    assert states(batch) == {2: L.TO_DO, 3: L.REJECTED}


# --- Doubles


@pytest.fixture
def present():
    return SheetFactory(
        name="Maison des services de Mens",
        commune_id="38226",
        address="2 rue Bon",
        phone="",
        latitude=44.817,
        longitude=5.75,
    )


def test_a_place_that_is_here_already_is_seen_and_attached(operator, present):
    batch = check(send(table(GOOD[0]), operator), operator)
    line = batch.lines.get()
    assert (line.expected, line.sheet_id) == ("double", present.pk)
    assert "même nom" in line.like["reasons"]
    done(batch, actions.begin_run, operator)
    present.refresh_from_db()
    assert Sheet.objects.count() == 1
    assert present.phone == "04 76 00 00 01" and present.address == "2 rue Bon"
    assert present.hours.exists() and present.services.exists()
    assert present.references.get().external_id == "1"
    assert set(states(brought(table(GOOD[0]), operator)).values()) == {L.SAME}


def test_or_made_all_the_same_for_somebody_to_decide(operator, present):
    brought(table(GOOD[0]), operator, Doubles.CREATE)
    assert Sheet.objects.count() == 2
    assert SheetPair.objects.get().first_id == present.pk


def test_or_left(operator, present):
    assert states(brought(table(GOOD[0]), operator, Doubles.LEAVE)) == {2: L.LEFT}
    assert Sheet.objects.count() == 1 and not SheetReference.objects.exists()


# --- Back


def test_a_batch_is_taken_back_where_nobody_has_worked(operator):
    batch = brought(table(*GOOD), operator)
    touched = Sheet.objects.get(is_itinerant=True)
    edit_sheet(touched, {"phone": "04 00 00 00 00"}, actor=operator)
    done(batch, actions.begin_undo, operator)
    assert list(Sheet.objects.all()) == [touched]
    assert states(batch) == {2: L.UNDONE, 3: L.CREATED}


def test_an_update_and_an_attachment_are_given_back(operator, present):
    first = brought(table(*GOOD), operator)
    assert states(first) == {2: L.ATTACHED, 3: L.CREATED}
    changed = GOOD[1].replace("9h-12h / 14h-17h", "9h-12h").replace("Bus des", "Car des")
    second = brought(table(GOOD[0], changed), operator)
    done(second, actions.begin_undo, operator)
    bus = Sheet.objects.get(is_itinerant=True)
    assert bus.name == "Bus des services" and bus.hours.count() == 2
    # The list may be sent again: what was taken back is to do anew.
    assert states(brought(table(GOOD[0], changed), operator)) == {2: L.SAME, 3: L.UPDATED}
    done(first, actions.begin_undo, operator)
    present.refresh_from_db()
    assert not present.phone and not present.hours.exists() and not present.references.exists()


def test_the_history_is_deleted_by_nothing_else(operator):
    brought(table(*GOOD), operator)
    with pytest.raises(Exception, match="only added to"):
        Sheet.objects.all().delete()


# --- Formats, both ways


def test_known_formats_come_in_and_are_given_back_to_the_letter(operator):
    for form, row in ((MEDNUM, MEDNUM_ROW), (DATA_ES, DATA_ES_ROW)):
        text = "".join(csv_text(form.columns, [row]))
        batch = brought(text.encode(), operator, source=form.key)
        assert set(states(batch).values()) <= {L.CREATED, L.ATTACHED}, form.key
        assert "".join(list_file(batch)[0]) == text


def test_data_inclusion_comes_in_and_is_given_back(operator):
    said = {"structures": [STRUCTURE], "services": [SERVICE]}
    batch = brought(json.dumps(said).encode(), operator, source="dora")
    assert set(states(batch).values()) == {L.CREATED}
    offer = ServiceOffer.objects.get()
    assert offer.theme == "numerique--acceder-a-des-services-en-ligne"
    assert json.loads("".join(list_file(batch)[0])) == said


def test_what_has_changed_since_shows_in_what_is_given_back(operator):
    text = "".join(csv_text(MEDNUM.columns, [MEDNUM_ROW]))
    batch = brought(text.encode(), operator, source="mednum")
    edit_sheet(Sheet.objects.get(), {"phone": "04 11 11 11 11"}, actor=operator)
    [row] = csv.DictReader(io.StringIO("".join(list_file(batch)[0])))
    empty = dict.fromkeys(MEDNUM.columns, "")
    different = {name for name, value in (empty | MEDNUM_ROW).items() if row[name] != value}
    assert different == {"telephone", "date_maj"}
    assert row["telephone"] == "04 11 11 11 11"


def test_a_workbook_comes_in(operator):
    book, out = Workbook(), io.BytesIO()
    for line in (HEADINGS, *GOOD):
        book.active.append(line.split(";"))
    book.save(out)
    assert set(states(brought(out.getvalue(), operator)).values()) == {L.CREATED}


def test_geojson_comes_in_by_its_properties(operator):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [5.724, 45.188]},
        "properties": {"id": 7, "nom": "Tiers-lieu", "code insee": "38185"},
    }
    odd = feature | {"geometry": {"type": "Polygon", "coordinates": []}}
    said = {"type": "FeatureCollection", "features": [feature, odd]}
    batch = brought(json.dumps(said).encode(), operator)
    assert states(batch) == {1: L.CREATED, 2: L.REJECTED}
    assert Sheet.objects.get().longitude == 5.724


# --- Who, and long work


def keeper(kind: str = OrganizationKind.EPCI, role: str = MembershipRole.MANAGER, **more) -> Actor:
    town = OrganizationFactory(kind=kind, verified=True, **more)
    hat = MembershipFactory(organization=town, role=role)
    return Actor(hat.user, hat)


def test_a_town_brings_in_its_own_places_and_proposes_the_others():
    actor = keeper(OrganizationKind.COMMUNE, commune_id="38226")
    batch = brought(table(*GOOD), actor)
    assert batch.source == f"france-services@{actor.organization_id}"
    assert dict(Sheet.objects.values_list("commune", "state")) == {
        "38226": SheetState.PUBLISHED,
        "38185": SheetState.PROPOSED,
    }


def test_a_sheet_of_elsewhere_is_not_changed_by_a_list(present):
    actor = keeper(OrganizationKind.COMMUNE, commune_id="38185")
    batch = brought(table(GOOD[0]), actor)
    assert set(states(batch).values()) == {L.REJECTED}
    present.refresh_from_db()
    assert present.phone == ""


@pytest.mark.parametrize(
    "who",
    [
        lambda: Actor(UserFactory()),
        lambda: keeper(OrganizationKind.ASSOCIATION),
        lambda: keeper(role=MembershipRole.MEMBER),
    ],
)
def test_others_bring_nothing_in(who):
    with pytest.raises(Forbidden):
        send(table(*GOOD), who())


def test_nobody_goes_on_with_the_list_of_another(operator):
    batch = send(table(*GOOD), keeper())
    for verb in (actions.begin_check, actions.begin_run, actions.begin_undo):
        with pytest.raises(Forbidden):
            verb(batch, actor=keeper())
    with pytest.raises(Forbidden):
        actions.stop(batch, actor=keeper())


def test_columns_are_remembered_by_list(operator):
    batch = send(table(*GOOD), operator)
    mapping = [*batch.mapping]
    mapping[6] = ""
    actions.match(batch, mapping, actor=operator, doubles=Doubles.ATTACH)
    assert send(table(*GOOD), operator).mapping == mapping
    assert send(table(*GOOD), operator, source="Autre").mapping != mapping
    assert ListColumn.objects.filter(source="france-services", key="").get().heading == "telephone"


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (["", "name", "", "code", "", "", "", "", "", ""], "Il manque des colonnes"),
        (["id", "name", "", "", "", "", "", "", "", ""], "où sont les lieux"),
        (["id", "name", "", "code", "", "", "hours", "h0", "", ""], "dits deux fois"),
        (["id", "name", "name", "code", "", "", "", "", "", ""], "en double"),
    ],
)
def test_columns_that_cannot_do_are_said(operator, mapping, says):
    with pytest.raises(Refusal, match=says):
        actions.match(send(table(*GOOD), operator), mapping, actor=operator, doubles=Doubles.ATTACH)


def test_it_stops_between_two_parts_and_goes_on(operator, monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    batch = check(send(table(*GOOD), operator), operator)
    assert actions.begin_run(batch, actor=operator)
    actions.stop(batch, actor=operator)
    batch.refresh_from_db()
    actions.work(batch, actor=operator)
    assert (batch.state, Sheet.objects.count()) == (S.STOPPED, 1)
    done(batch, actions.begin_run, operator)
    assert (batch.state, Sheet.objects.count()) == (S.DONE, 2)


def test_the_task_works_as_whoever_asked_unless_they_have_left(operator):
    actor = keeper(OrganizationKind.COMMUNE, commune_id="38226")
    batch = check(send(table(GOOD[0]), actor), actor)
    actions.begin_run(batch, actor=actor)
    actor.membership.ended_at = clock.now()
    actor.membership.save()
    bring_in(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == S.STOPPED and "ne fait plus partie" in batch.error
    assert not Sheet.objects.exists()


def test_a_part_costs_the_same_whatever_its_lines(operator, django_assert_max_num_queries):
    lines = [GOOD[1].replace("2;Bus", f"{n};Bus {n}") for n in range(10, 70)]
    batch = check(send(table(*lines), operator), operator)
    actions.begin_run(batch, actor=operator)
    batch.refresh_from_db()
    with django_assert_max_num_queries(60):
        actions.work(batch, actor=operator)
    assert Sheet.objects.count() == 60
    again = check(send(table(*lines), operator), operator)
    actions.begin_run(again, actor=operator)
    again.refresh_from_db()
    with django_assert_max_num_queries(40):
        actions.work(again, actor=operator)


def test_the_commune_of_a_line_that_hardly_says_it(operator):
    text = (
        "id;nom;departement;insee_com;code postal;commune;latitude;longitude\n"
        "1;Antenne de Mens;38;;;;;\n"
        "2;Accueil;;38999;38710;Mens;;\n"
        "3;Accueil du parc;38;38999;;Ailleurs;45.19;5.73\n"
        "4;Antenne de Lille;38;;;;;\n"
    )
    mens = Sheet._meta.get_field("commune").related_model.objects.get(code="38226")
    mens.postcodes = ["38710"]
    mens.save()
    batch = brought(text.encode(), operator)
    assert states(batch) == {2: L.CREATED, 3: L.CREATED, 4: L.CREATED, 5: L.REJECTED}
    assert list(Sheet.objects.order_by("pk").values_list("commune", flat=True)) == [
        "38226",
        "38226",
        "38185",
    ]
    assert batch.lines.exclude(remarks=[]).count() == 3
    assert not Sheet.objects.filter(is_located=True).exclude(commune="38185").exists()


@pytest.mark.skipif(not REAL.exists(), reason="the shared data is not here")
def test_the_columns_of_the_real_list_are_recognised(operator):
    with REAL.open("rb") as file:
        content = b"".join(file.readline() for _ in range(40))
    batch = send(content, operator)
    known = dict(zip(batch.headings, batch.mapping, strict=True))
    assert {name for name, key in known.items() if not key} == {
        "format_fs",
        "groupe",
        "labellisation",
    }


def test_lists_of_osm_are_told_apart(operator):
    brought(table(*GOOD), operator, licence="ODbL")
    assert set(SheetReference.objects.values_list("licence", flat=True)) == {"ODbL"}


def test_a_list_whose_worker_died_is_given_up_and_taken_again(operator, monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    batch = check(send(table(*GOOD), operator), operator)
    assert actions.begin_run(batch, actor=operator)
    batch.refresh_from_db()

    def die(*_, **__):
        raise MemoryError

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(running, "_bring", die)
        actions.work(batch, actor=operator)
    assert give_up_silent(timestamp=0) == 0  # it has only just begun
    with clock.frozen(clock.now() + actions.SILENCE + timedelta(seconds=1)):
        assert give_up_silent(timestamp=0) == 1
        assert give_up_silent(timestamp=0) == 0
    batch.refresh_from_db()
    assert batch.state == S.STOPPED and "interrompu" in batch.error
    done(batch, actions.begin_run, operator)
    assert (batch.state, batch.error, Sheet.objects.count()) == (S.DONE, "", 2)


def test_a_worker_that_was_only_slow_ends_nothing(operator, monkeypatch):
    monkeypatch.setattr(running, "PART", 1)
    batch = check(send(table(*GOOD), operator), operator)
    assert actions.begin_run(batch, actor=operator)
    batch.refresh_from_db()
    bring, checked_at = running._bring, batch.ended_at

    def given_up_meanwhile(*args):
        actions.give_up(batch, "Le travail s’est interrompu.")
        bring(*args)

    with monkeypatch.context() as patched:
        patched.setattr(running, "_bring", given_up_meanwhile)
        actions.work(batch, actor=operator)
    batch.refresh_from_db()
    assert (batch.state, Sheet.objects.count()) == (S.STOPPED, 1)
    assert batch.ended_at == checked_at  # it says the end of nothing any more


def test_a_list_that_waits_for_a_worker_is_not_given_up(operator):
    batch = check(send(table(*GOOD), operator), operator)
    assert actions.begin_run(batch, actor=operator)
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert give_up_silent(timestamp=0) == 0
    batch.refresh_from_db()
    actions.work(batch, actor=operator)
    assert batch.state == S.DONE


def test_a_list_is_begun_and_given_to_a_worker_or_neither(operator, client, monkeypatch):
    batch = check(send(table(*GOOD), operator), operator)
    monkeypatch.setattr(actions, "FEW", 0)
    monkeypatch.setattr(bring_in, "defer", lambda **_: 1 / 0)
    sign_in(client, operator.user)
    with pytest.raises(ZeroDivisionError):
        client.post(reverse("directory:bringing_begin", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == S.CHECKED


def test_a_short_list_that_breaks_on_the_way_is_not_said_to_be_running(
    operator, client, monkeypatch
):
    batch = check(send(table(*GOOD), operator), operator)
    sign_in(client, operator.user)
    with monkeypatch.context() as patched, pytest.raises(ZeroDivisionError):
        patched.setattr(running, "_bring", lambda *_, **__: 1 / 0)
        client.post(reverse("directory:bringing_begin", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == S.STOPPED and "interrompu" in batch.error
    client.post(reverse("directory:bringing_begin", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (S.DONE, "")
