"""A file of places: what is read, what is refused by line, all or nothing, and again."""

import pytest
from django.urls import reverse

from preau.accounts.actors import Actor
from preau.accounts.enums import MembershipRole
from preau.availability.models import OpeningCalendar
from preau.core import clock
from preau.core.errors import Refusal
from preau.desk.imports import actions
from preau.desk.imports.columns import COLUMNS, template
from preau.desk.imports.enums import PlaceImportState
from preau.desk.imports.hours import Unreadable, in_words, read_hours
from preau.desk.imports.models import PlaceImport
from preau.desk.imports.places import read_places
from preau.desk.imports.tasks import import_places
from preau.integrations.geocoder import Address
from preau.integrations.http import Unavailable
from preau.notifications.models import Notification
from preau.places.enums import Publication
from preau.places.models import Place, Space
from tests.accounts.factories import MembershipFactory, OrganizationFactory, UserFactory, sign_in
from tests.territories.factories import CommuneFactory

# --- Opening hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("lun-ven 8h-22h; sam 9h-18h", [([0, 1, 2, 3, 4], 480, 1320), ([5], 540, 1080)]),
        (
            "Lundi au vendredi : 8h30 - 12h, 14:00-18:15",
            [([0, 1, 2, 3, 4], 510, 720), ([0, 1, 2, 3, 4], 840, 1095)],
        ),
        ("tous les jours 9h-23h", [([0, 1, 2, 3, 4, 5, 6], 540, 1380)]),
        ("ven, sam 20h–2h", [([4, 5], 1200, 1560)]),
        ("sam-lun 8h-24h", [([0, 5, 6], 480, 1440)]),
        ("mardi et jeudi 18h-20h ; dimanche fermé", [([1, 3], 1080, 1200)]),
        ("24h/24", [([0, 1, 2, 3, 4, 5, 6], 0, 1440)]),
        ("mercredi de 9h à 12h et 14h à 18h", [([2], 540, 720), ([2], 840, 1080)]),
    ],
)
def test_hours_as_people_write_them(text, meant):
    rules = [(list(one.weekdays), one.start_minute, one.end_minute) for one in read_hours(text)]
    assert rules == meant


@pytest.mark.parametrize(
    "text", ["lun 8h-22h07", "lun 8h-25h", "lunch 8h-22h", "8h-22h", "lun", "dim fermé", "lun 8h"]
)
def test_hours_nobody_is_sure_of(text):
    with pytest.raises(Unreadable):
        read_hours(text)


def test_hours_survive_being_written_and_read_again():
    text = "lun-ven 8h-22h; sam 9h-12h30, 14h-18h; ven 20h-2h"
    again = read_hours(in_words(read_hours(text)))
    assert in_words(again) == in_words(read_hours(text))


# --- The file --------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    CommuneFactory()
    town = OrganizationFactory(verified=True, town=True)
    membership = MembershipFactory(organization=town, role=MembershipRole.MANAGER)
    return Actor(membership.user, membership)


HEAD = "lieu;nature du lieu;adresse;code postal;commune;espace;nature de l’espace;capacité;horaires"


def file_of(*rows, head=HEAD):
    return "\n".join([head, *rows])


HALL = 'Halle;Gymnase;1 rue A;38000;Grenoble;Salle 1;Salle de sport, gymnase;80;"lun 8h-22h"'


def send(manager, text, *, publish=False, encoding="utf-8"):
    return actions.read_file(
        text.encode(encoding),
        "lieux.csv",
        organization=manager.organization,
        publish=publish,
        actor=manager,
    )


def bring_in(manager, text, **fields):
    made = send(manager, text, **fields)
    assert actions.start(made, actor=manager)
    actions.run(made, actor=manager)
    made.refresh_from_db()
    return made


def problems(text):
    return [(one.number, problem) for one in read_places(text) for problem in one.problems]


def test_the_template_comes_in_as_it_is(manager):
    made = bring_in(manager, template())
    assert made.outcome == {"places": 1, "spaces": 2, "changed": 0}
    place = Place.objects.get()
    assert (place.name, place.publication) == ("Maison des associations", Publication.DRAFT)
    assert place.is_accessible
    assert (place.latitude, place.longitude) == (45.1885, 5.7245)
    assert [one.capacity for one in place.spaces.order_by("pk")] == [120, 15]
    assert OpeningCalendar.objects.count() == 2
    assert Notification.objects.get().title.startswith("Import terminé")


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings(manager, separator, encoding):
    words = ["Été", "gymnase", "1 rue A", "38185", "Salle", "salle_sport", "80"]
    heads = ["lieu", "nature du lieu", "adresse", "commune", "espace", "nature de l'espace"]
    text = separator.join([*heads, "capacité"]) + "\r\n" + separator.join(words) + "\r\n"
    bring_in(manager, text, encoding=encoding)
    assert Space.objects.get().place.name == "Été"


def test_every_line_says_all_that_is_wrong_with_it(manager):
    found = problems(
        file_of(
            HALL,
            "Halle;Gymnase;1 rue A;38000;Grenoble;Salle 1;Gymnaze;beaucoup;lun 8h-22h10",
            ";;2 rue B;3800;Nulle-Part;;;;",
            "",
            "Seule;;3 rue C;;;Salle;Bureau, poste de travail;4;",
        )
    )
    by_line = {number: [text for line, text in found if line == number] for number, _ in found}
    assert set(by_line) == {3, 4, 6}
    assert len(by_line[3]) == 4  # kind, capacity, hours, the same space twice
    assert any("déjà à la ligne 2" in one for one in by_line[3])
    assert any("cinq chiffres" in one or "inconnue" in one for one in by_line[4])
    assert any(one.startswith("lieu : à remplir") for one in by_line[4])
    assert any("commune : à remplir sur la première ligne" in one for one in by_line[6])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "vide"),
        ("lieu;adresse\nA;B", "Il manque des colonnes : espace"),
        (f"{HEAD};lieu\n", "en double"),
        (HEAD, "aucun lieu"),
    ],
)
def test_what_is_no_such_file(manager, text, sentence):
    with pytest.raises(Refusal, match=sentence):
        send(manager, text)


def test_a_name_that_several_communes_bear_asks_for_more():
    CommuneFactory(code="01001", name="Saint-Jean", postcodes=["01100"])
    CommuneFactory(code="38001", name="Saint-Jean", postcodes=["38110"])
    row = "Halle;Gymnase;1 rue A;{};Saint-Jean;Salle;Auditorium;80;"
    assert problems(file_of(row.format("")))
    (line,) = read_places(file_of(row.format("38110")))
    assert (line.commune.pk, line.problems) == ("38001", [])


def test_one_wrong_line_and_nothing_comes_in(manager):
    made = send(manager, file_of(HALL, "B;Gymnase;2 rue B;38000;Grenoble;S;Inconnu;8;"))
    with pytest.raises(Refusal, match="Ligne 3"):
        actions.start(made, actor=manager)
    assert not Place.objects.exists()


def test_a_refusal_on_the_way_takes_everything_back(manager, monkeypatch):
    made = send(manager, file_of(HALL, HALL.replace("1 rue A", "2 rue B")))
    actions.start(made, actor=manager)
    create = actions.places.create_space

    def second_fails(**fields):
        if fields["place"].address == "2 rue B":
            raise Refusal("Non.")
        return create(**fields)

    monkeypatch.setattr(actions.places, "create_space", second_fails)
    actions.run(made, actor=manager)
    made.refresh_from_db()
    assert made.state == PlaceImportState.FAILED
    assert made.error == "Ligne 3 : Non. Rien n’a été importé."
    assert not Place.objects.exists()
    monkeypatch.undo()
    assert actions.start(made, actor=manager)  # it may be tried again
    actions.run(made, actor=manager)
    assert Place.objects.count() == 2


def test_run_twice_it_is_done_once(manager):
    made = bring_in(manager, file_of(HALL))
    assert not actions.start(made, actor=manager)
    actions.run(made, actor=manager)
    assert Place.objects.count() == Notification.objects.count() == 1


def test_sent_again_it_updates_and_says_what(manager):
    bring_in(manager, file_of(HALL))
    again = file_of(
        HALL.replace(";80;", ";95;").replace("lun 8h-22h", "lun-mar 8h-22h"),
        "HALLE;;1, rue a;;;Salle 2;Bureau, poste de travail;4;",
    )
    plan = actions.plan_of(send(manager, again))
    assert (len(plan.new_places), plan.new_spaces, len(plan.changed)) == (0, 1, 1)
    changes = [(one.label, one.before, one.after) for one in plan.changed[0].spaces[0].differences]
    assert changes == [
        ("capacité", "80", "95"),
        ("horaires", "lun 8h-22h", "lun, mar 8h-22h"),
    ]
    bring_in(manager, again)
    assert Place.objects.count() == 1
    assert sorted(Space.objects.values_list("capacity", flat=True)) == [4, 95]
    assert OpeningCalendar.objects.count() == 1
    plan = actions.plan_of(send(manager, again))
    assert not (plan.new_places or plan.new_spaces or plan.changed)


def test_others_places_are_not_touched(manager):
    bring_in(manager, file_of(HALL))
    stranger = MembershipFactory(organization=OrganizationFactory(verified=True))
    bring_in(Actor(stranger.user, stranger), file_of(HALL))
    assert Place.objects.count() == 2


def test_published_at_once_by_a_verified_structure_only(manager):
    bring_in(manager, file_of(HALL), publish=True)
    assert Place.objects.get().is_public
    assert Space.objects.get().is_public
    manager.organization.verified_at = None
    with pytest.raises(Refusal, match="pas encore vérifiée"):
        send(manager, file_of(HALL), publish=True)


def test_addresses_are_looked_up_outside_the_import(manager, monkeypatch, settings):
    settings.GEOCODER_URL = "https://geocoder.example"
    asked = []

    def search(text):
        asked.append(text)
        if "2 rue" in text:
            return Address(text, 1.0, 1.0, "99999", 0.9)  # another commune: not believed
        return Address(text, 45.2, 5.7, "38185", 0.9)

    monkeypatch.setattr(actions.addresses, "find", search)
    made = send(manager, file_of(HALL, HALL.replace("1 rue A", "2 rue B")))
    actions.start(made, actor=manager)
    actions.locate(made)
    actions.run(made, actor=manager)
    assert asked == ["1 rue A 38000 Grenoble", "2 rue B 38000 Grenoble"]
    first, second = Place.objects.order_by("pk")
    assert (first.latitude, first.longitude) == (45.2, 5.7)
    assert second.stands_at_centre


def test_a_geocoder_that_is_away_is_left_alone(manager, monkeypatch, settings):
    settings.GEOCODER_URL = "https://geocoder.example"
    asked = []

    def search(text):
        asked.append(text)
        raise Unavailable("timeout")

    monkeypatch.setattr(actions.addresses, "find", search)
    rows = [HALL.replace("1 rue A", f"{number} rue A") for number in range(9)]
    actions.locate(send(manager, file_of(*rows)))
    assert len(asked) == actions.MOST_FAILURES


def test_who_has_left_meanwhile_imports_nothing(manager):
    made = send(manager, file_of(HALL))
    actions.start(made, actor=manager)
    manager.membership.ended_at = clock.now()
    manager.membership.save()
    import_places.func(import_id=made.pk)
    made.refresh_from_db()
    assert made.state == PlaceImportState.FAILED
    assert not Place.objects.exists()


def test_the_worker_brings_it_in(manager):
    made = send(manager, file_of(HALL))
    actions.start(made, actor=manager)
    import_places.func(import_id=made.pk)
    assert Place.objects.count() == 1


# --- The pages -------------------------------------------------------------------------------------


def test_from_the_file_to_the_import(client, manager, tmp_path):
    sign_in(client, manager.user, manager.membership)
    page = client.get(reverse("desk:places_import")).text
    assert all(column.label in page for column in COLUMNS)
    assert client.get(reverse("desk:places_template")).content.decode() == template()
    upload = tmp_path / "lieux.csv"
    upload.write_text(file_of(HALL))
    with upload.open("rb") as file:
        sent = client.post(reverse("desk:places_import"), {"file": file, "publish": "non"})
    preview = client.get(sent.url)
    assert "Rien n’a encore changé" in preview.text
    assert not Place.objects.exists()
    made = PlaceImport.objects.get()
    client.post(reverse("desk:places_import_begin", args=[made.pk]))
    made.refresh_from_db()
    assert made.state == PlaceImportState.RUNNING
    assert "en cours" in client.get(sent.url).text
    actions.run(made, actor=manager)
    assert "terminé" in client.get(sent.url).text


def test_the_preview_names_lines_and_offers_no_import(client, manager):
    sign_in(client, manager.user, manager.membership)
    made = send(manager, file_of("<b>;Inconnu;1 rue A;38000;Grenoble;S;Bureau;0;"))
    page = client.get(reverse("desk:places_import_look", args=[made.pk])).text
    assert "Ce qu’il faut corriger" in page
    assert "<b>;" not in page
    assert reverse("desk:places_import_begin", args=[made.pk]) not in page
    client.post(reverse("desk:places_import_begin", args=[made.pk]))
    assert PlaceImport.objects.get().state == PlaceImportState.READ


def test_nobody_imports_for_themself_nor_for_others(client, manager):
    made = send(manager, file_of(HALL))
    sign_in(client, UserFactory())
    assert "Agissez pour une structure" in client.get(reverse("desk:places_import")).text
    assert "Agissez pour une structure" in client.post(reverse("desk:places_import")).text
    for name in ("look", "begin"):
        address = reverse(f"desk:places_import_{name}", args=[made.pk])
        assert client.post(address).status_code == 403
